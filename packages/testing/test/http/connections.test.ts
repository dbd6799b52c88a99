import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TlsOptions } from 'node:tls'

import { currentScope, scopeHttpRequests } from '@querylens/core'
import { captureQueries } from '@querylens/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici'

import { openLibrary, type LibraryDatabase } from '../support/library.ts'
import { close, listen } from './servers.ts'

let library: LibraryDatabase
/** What a test has opened. */
const open: (() => unknown)[] = []

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())
afterEach(async () => {
  for (const one of open.splice(0)) await one()
})

const queryAuthors = () => library.db.selectFrom('authors').selectAll().execute()

async function serve(
  listener: RequestListener = async (_request, response) => {
    await queryAuthors()
    response.end('ok')
  },
  host?: string,
): Promise<string> {
  const server = createServer(listener)
  open.push(() => close(server))
  return await listen(server, host)
}

const send = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, (response) => resolve(text(response))).on('error', reject)
  })

describe('a request that a capture follows', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('goes to %s', async (host) => {
    const url = await serve(undefined, host)
    expect((await captureQueries(() => send(url))).count).toBe(1)
  })

  it('goes over TLS', async () => {
    // With a shared key in place of a certificate.
    const key = Buffer.from('0123456789abcdef')
    const tls: TlsOptions = { ciphers: 'PSK', maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' }
    const server = createHttpsServer({ ...tls, pskCallback: () => key }, async (_request, response) => {
      await queryAuthors()
      response.end('ok')
    })
    open.push(() => server.close())
    await once(server.listen(0), 'listening')
    const { port } = server.address() as AddressInfo
    const options = { ...tls, pskCallback: () => ({ psk: key, identity: 'test' }), agent: false } as const
    const queries = await captureQueries(async () => {
      const checkServerIdentity = (): undefined => undefined
      const request = httpsRequest({ port, ...options, checkServerIdentity }).end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      return await text(response)
    })
    expect([queries.count, queries.result]).toEqual([1, 'ok'])
  })

  it('was sent from a server that the capture has called', async () => {
    const inner = await serve()
    const outer = await serve(async (_request, response) => {
      await queryAuthors()
      response.end(await (await fetch(inner)).text())
    })
    expect((await captureQueries(() => fetch(outer).then((response) => response.text()))).count).toBe(2)
  })

  it.each([
    ['fetch', (url: string) => void fetch(url)],
    ['node:http', (url: string) => void get(url, (response) => response.resume())],
  ])('is waited for although the function does not await it: %s', async (_name, start) => {
    const url = await serve()
    const queries = await captureQueries(() => start(url))
    expect([queries.count, queries.late]).toEqual([1, []])
  })

  it('may have failed', async () => {
    const url = await serve()
    await close(createServer())
    const refused = url.replace(/\d+$/, '1')
    const queries = await captureQueries(async () => {
      const failed = await Promise.allSettled([fetch(refused), send(refused)])
      await send(url)
      return failed.map(({ status }) => status)
    })
    expect([queries.count, queries.result]).toEqual([1, ['rejected', 'rejected']])
  })

  it('is one of several that undici pipelines, beside requests from outside the capture', async () => {
    let sent = 0
    const onSend = (): void => void sent++
    subscribe('undici:client:sendHeaders', onSend)
    open.push(() => unsubscribe('undici:client:sendHeaders', onSend))
    const url = await serve(async (request, response) => {
      // The requests that wait behind this one are sent in the meantime.
      if (request.url === '/first') await vi.waitFor(() => expect(sent).toBe(9))
      if (request.url !== '/none') await queryAuthors()
      response.end('ok')
    })
    const dispatcher = new Agent({ connections: 1, pipelining: 10 })
    open.push(() => dispatcher.close())
    // Without `blocking: false`, undici sends nothing else before the headers of a response have arrived.
    const ask = async (path = '') =>
      await (await undiciRequest(url + path, { dispatcher, blocking: false })).body.text()
    await ask()
    const [first, one, , two] = await Promise.all([
      captureQueries(() => ask('/first')),
      captureQueries(() => Promise.all([ask(), ask()])),
      ask('/none'),
      captureQueries(() => Promise.all([ask(), ask(), ask()])),
      ask('/none'),
    ])
    expect([first.count, one.count, two.count]).toEqual([1, 2, 3])
  })

  it.each([
    [
      'request',
      async (url: string, dispatcher: Agent) => (await undiciRequest(url, { dispatcher })).body.text(),
    ],
    ['fetch', async (url: string, dispatcher: Agent) => (await undiciFetch(url, { dispatcher })).text()],
  ])('waits for a connection of undici: %s', async (_name, ask) => {
    const url = await serve()
    const dispatcher = new Agent({ connections: 2 })
    open.push(() => dispatcher.close())
    await ask(url, dispatcher)
    const [one, , two] = await Promise.all([
      captureQueries(() => Promise.all([ask(url, dispatcher), ask(url, dispatcher)])),
      ask(url, dispatcher),
      captureQueries(() => Promise.all([1, 2, 3, 4, 5].map(() => ask(url, dispatcher)))),
    ])
    expect([one.count, two.count]).toEqual([2, 5])
  })

  it('has the scope of the capture as its parent, and no other request has one', async () => {
    const parents: unknown[] = []
    const url = await serve((_request, response) => {
      parents.push(currentScope()?.parent?.name)
      response.end()
    })
    const stop = scopeHttpRequests()
    open.push(stop)
    await send(url)
    await captureQueries(() => send(url), { name: 'the test' })
    expect(parents).toEqual([undefined, 'the test'])
  })

  it('is not changed', async () => {
    const seen: unknown[] = []
    const url = await serve((request, response) => {
      const { rawHeaders, socket } = request
      seen.push([rawHeaders, Object.keys(request), Object.keys(response)])
      seen.push([request, response, socket].map((emitter) => emitter.eventNames()))
      response.end()
    })
    const sent: unknown[] = []
    const ask = (): Promise<void> =>
      new Promise((resolve) => {
        const request = get(url, { agent: false }, (response) => {
          sent.push(request.eventNames(), Object.keys(request), request.socket?.eventNames())
          response.resume().on('end', resolve)
        })
      })
    const stop = scopeHttpRequests()
    open.push(stop)
    await ask()
    await captureQueries(ask)
    expect(seen.slice(2)).toEqual(seen.slice(0, 2))
    expect(sent.slice(3)).toEqual(sent.slice(0, 3))
  })
})
