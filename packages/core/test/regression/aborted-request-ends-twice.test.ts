import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, it, vi } from 'vitest'

import type { CaptureObserver } from '../../src/scope/capture.js'
import { openCapture } from '../../src/scope/open-capture.js'

const observer: CaptureObserver = { queryStarts() {}, queryEnds() {}, refused() {} }
const open: (() => unknown)[] = []
afterEach(() => {
  for (const one of open.splice(0)) one()
})

it('counts a request as ended once, when its client aborts it on a connection that was used before', async () => {
  const closed = vi.fn()
  const arrived = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    response.on('close', closed)
    if (request.url === '/slow') arrived.resolve()
    else response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const capture = openCapture('a capture', 'test', observer, {})
  open.push(
    () => server.close(),
    () => agent.destroy(),
    () => capture.end(),
  )

  await capture.run(async () => {
    await new Promise<unknown>((resolve) => {
      get({ port, agent, path: '/fast' }, (response) => response.resume().on('close', resolve))
    })
    // The agent gets the connection back after the events of the response.
    await new Promise(setImmediate)
    const aborted = get({ port, agent, path: '/slow' }).on('error', () => {})
    await arrived.promise
    expect(aborted.reusedSocket).toBe(true)
    aborted.destroy()
  })
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(2))
  expect(capture.capture.operations).toBe(0)
})
