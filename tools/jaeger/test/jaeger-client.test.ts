import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { createJaegerClient } from '../src/index.ts'

let server: Server | undefined

afterEach(() => server?.close())

/** A server with the responses of another version of Jaeger. */
async function serving(bodies: Readonly<Record<string, unknown>>): Promise<string> {
  server = createServer((request, response) => {
    const body = bodies[new URL(request.url ?? '', 'http://localhost').pathname]
    const isPage = body === undefined && request.url?.startsWith('/api/v3') === false
    response.statusCode = body === undefined && !isPage ? 404 : 200
    response.setHeader('content-type', isPage ? 'text/html' : 'application/json')
    response.end(isPage ? '<html>' : JSON.stringify(body ?? { errors: [] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const span = (traceId: string, value: object): object => ({
  traceId,
  spanId: '01',
  attributes: [{ key: 'querylens.n_plus_one.detected', value }],
})
const traces = {
  result: {
    resourceSpans: [
      { scopeSpans: [{ spans: [span('aa', { boolValue: true }), span('bb', { boolValue: false })] }] },
    ],
  },
}

describe('createJaegerClient', () => {
  it('searches by version 3 of the API if the API of the page is missing, even without a filter by attributes', async () => {
    const client = createJaegerClient(await serving({ '/api/v3/traces': traces }))
    const tags = { 'querylens.n_plus_one.detected': 'true' }
    expect(await client.search({ service: 'shop', tags })).toEqual(['aa'])
    expect(await client.search({ service: 'shop' })).toEqual(['aa', 'bb'])
  })

  it('returns no spans for an unknown trace', async () => {
    const client = createJaegerClient(await serving({}))
    expect(await client.trace('aa')).toEqual([])
  })

  it('reports status and text of an unexpected response', async () => {
    const client = createJaegerClient(await serving({}))
    await expect(client.services()).rejects.toThrow(
      /returned status 404 for http:.*\/api\/v3\/services: \{"errors"/,
    )
  })
})
