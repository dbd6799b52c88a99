import { once } from 'node:events'
import { createServer } from 'node:net'

import { expect, it } from 'vitest'

import { FLAGS } from '../src/options.ts'
import { findFreePorts, findTakenPorts } from '../src/ports.ts'

it('says which port is taken, by whom, and what chooses another', async () => {
  const ports = await findFreePorts()
  expect(await findTakenPorts(ports, FLAGS)).toEqual([])
  const server = createServer().listen(ports.grpc, '127.0.0.1')
  await once(server, 'listening')
  const [problem, ...others] = await findTakenPorts(ports, FLAGS)
  server.close()
  expect(others).toEqual([])
  expect(problem).toMatch(/^Port \d+ for OTLP over gRPC is taken by .+; --grpc-port chooses another\.$/)
  expect(problem).toContain(String(ports.grpc))
})
