import { once } from 'node:events'
import { createServer } from 'node:net'

import { expect, it } from 'vitest'

import { FLAGS } from '../src/options.ts'
import { findFreePorts, findTakenPorts } from '../src/ports.ts'

it('findTakenPorts names the port, the process that has it, and the flag for another port', async () => {
  const ports = await findFreePorts()
  expect(await findTakenPorts(ports, FLAGS)).toEqual([])
  const server = createServer().listen(ports.grpc, '127.0.0.1')
  await once(server, 'listening')
  const [problem, ...others] = await findTakenPorts(ports, FLAGS)
  server.close()
  expect(others).toEqual([])
  // Only Linux always reveals the process.
  const owner = process.platform === 'linux' ? `\\S+ \\(process ${process.pid}\\)` : '.+'
  expect(problem).toMatch(
    new RegExp(
      `^Port ${ports.grpc} for OTLP over gRPC is taken by ${owner}; --grpc-port chooses another\\.$`,
    ),
  )
})
