import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, request as httpRequest, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

import { captureQueries } from '@querylens/testing'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'

import { close, listen } from './servers.ts'

let warn: MockInstance<typeof console.warn>
/** What a test has opened. */
const open: (() => unknown)[] = []
beforeEach(() => void (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
afterEach(async () => {
  warn.mockRestore()
  for (const one of open.splice(0).toReversed()) await one()
})

const warnings = (): string => warn.mock.calls.map(([text]) => String(text)).join('\n')
/** A capture that waits in vain prints a warning after this time. */
const SETTLE = { settleMillis: 50 }

/** A server that switches protocols, and answers no other request. */
function serve(): Server {
  const server = createServer()
  open.push(() => close(server))
  return server.on('upgrade', (request, socket: Duplex) => {
    open.push(() => socket.destroy())
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  })
}

async function serveOverSocket(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'querylens-'))
  open.push(() => rmSync(directory, { recursive: true }))
  const socketPath = join(directory, 'server')
  await once(serve().listen(socketPath), 'listening')
  return socketPath
}

describe('a capture does not wait for', () => {
  it('a WebSocket that stays open', async () => {
    const url = await listen(serve())
    await captureQueries(async () => {
      const socket = new WebSocket(url.replace('http', 'ws'))
      open.push(() => socket.close())
      await new Promise((resolve) => socket.addEventListener('open', resolve))
    }, SETTLE)
    expect(warn).not.toHaveBeenCalled()
  })

  it('another protocol over a connection of node:http', async () => {
    const url = await listen(serve())
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'aGVsbG8=' }
    const switched = await captureQueries(() => {
      const request = httpRequest(url, { headers })
      const upgrade = once(request, 'upgrade')
      request.end()
      return { upgrade }
    }, SETTLE)
    expect(warn).not.toHaveBeenCalled()
    const [, socket] = (await switched.result.upgrade) as [unknown, Duplex]
    socket.destroy()
  })

  it('a request of node:http over a Unix socket', async () => {
    const socketPath = await serveOverSocket()
    await captureQueries(() => {
      const request = get({ socketPath }).on('error', () => {})
      open.push(() => request.destroy())
    }, SETTLE)
    expect(warn).not.toHaveBeenCalled()
  })

  it('a request of undici over a Unix socket', async () => {
    // Not before: the package replaces the dispatcher of Node, which publishes fewer messages for a WebSocket.
    const { Agent, request: undiciRequest } = await import('undici')
    const dispatcher = new Agent({ connect: { socketPath: await serveOverSocket() } })
    open.push(() => dispatcher.destroy())
    await captureQueries(() => void undiciRequest('http://localhost', { dispatcher }).catch(() => {}), SETTLE)
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('the warning of a capture that has waited in vain', () => {
  it('names the request whose response is open', async () => {
    const server = createServer((_request, response) => response.write('data: 1\n\n'))
    open.push(() => close(server))
    const url = await listen(server)
    await captureQueries(async () => void (await fetch(`${url}/events?token=4711`)), SETTLE)
    expect(warnings()).toContain('waited 50 ms for what has not ended: GET /events. ')
  })

  it.each([
    ['fetch', (url: string) => void fetch(`${url}/secret`).catch(() => {})],
    ['node:http', (url: string) => void get(`${url}/secret`).on('error', () => {})],
    ['node:http, without its end', (url: string) => void httpRequest(`${url}/secret`).on('error', () => {})],
  ])('names the service that a request was sent to: %s', async (_name, send) => {
    const service = createTcpServer((socket) => {
      open.push(() => socket.destroy())
      socket.on('error', () => {})
    })
    open.push(() => service.close())
    await once(service.listen(0), 'listening')
    const { port } = service.address() as AddressInfo
    await captureQueries(() => send(`http://localhost:${port}`), SETTLE)
    expect(warnings()).toContain(
      `waited 50 ms for what has not ended: a request to localhost:${port} that no server of this process has received. `,
    )
  })
})
