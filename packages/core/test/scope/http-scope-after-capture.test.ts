import { Agent, createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import type { CaptureObserver } from '../../src/scope/capture.js'
import { captureHere } from '../../src/scope/captures.js'
import { openCapture, type OpenCapture } from '../../src/scope/open-capture.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope, enteredScope } from '../../src/scope/scope.js'

const observer: CaptureObserver = { queryStarts() {}, queryEnds() {}, refused() {} }
const opened: (() => unknown)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

function capture(name: string): OpenCapture {
  const open = openCapture(name, 'test', observer, {})
  opened.push(() => open.end())
  return open
}

/** Starts a server in the current context. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  opened.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  return (server.address() as AddressInfo).port
}

function post(port: number, agent: Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, agent, method: 'POST' }, (response) => {
      // The agent gets the connection back after the events of the response.
      response.resume().on('end', () => setImmediate(resolve))
    })
      .on('error', reject)
      .end('a body')
  })
}

describe('a request to a server after a capture', () => {
  it('stays in the scope in which its server was started, as before the capture', async () => {
    const names: unknown[] = []
    const job = () =>
      runInScope('job', async () => {
        const port = await serve((_request, response) => {
          names.push(currentScope()?.name)
          response.end()
        })
        await post(port, new Agent())
      })
    await job()
    capture('unrelated').end()
    await job()
    expect(names).toEqual(['job', 'job'])
  })

  it.each(['in the capture', 'before it'])(
    'is no late work of that, with a server started %s',
    async (when) => {
      const owners: unknown[] = []
      const listener: RequestListener = (request, response) => {
        const note = () => owners.push(captureHere()?.scope.name)
        note()
        // Node emits these events in the context of the connection.
        request.resume().on('end', () => {
          note()
          response.end()
        })
      }
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      opened.push(() => agent.destroy())
      let port = when === 'before it' ? await serve(listener) : 0
      const open = capture('a capture')
      await open.run(async () => {
        if (port === 0) port = await serve(listener)
        await post(port, agent)
      })
      open.end()
      await post(port, agent)
      await post(port, agent)
      await post(port, new Agent())
      const none = Array<undefined>(6).fill(undefined)
      expect(owners).toEqual(['a capture', 'a capture', ...none])
    },
  )

  it.each(['in the capture', 'before it'])(
    'has no scope of a request before it on its connection, with a server started %s',
    async (when) => {
      const ended: unknown[] = []
      const listener: RequestListener = (_request, response) => {
        ended.push(enteredScope()?.ended ?? false)
        response.end()
      }
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      opened.push(() => agent.destroy())
      let port = when === 'before it' ? await serve(listener) : 0
      const open = capture('a capture')
      await open.run(async () => {
        if (port === 0) port = await serve(listener)
        await post(port, agent)
      })
      open.end()
      for (let count = 0; count < 3; count++) await post(port, agent)
      expect(ended).toEqual([false, false, false, false])
    },
  )
})
