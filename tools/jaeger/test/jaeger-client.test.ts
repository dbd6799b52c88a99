import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { createJaegerClient } from '../src/index.ts'

let server: Server | undefined

afterEach(() => server?.close())

/** A Jaeger of a version that this machine has not, by its answers. */
async function answering(answers: Readonly<Record<string, unknown>>): Promise<string> {
  server = createServer((request, response) => {
    const answer = answers[new URL(request.url ?? '', 'http://localhost').pathname]
    const isPage = answer === undefined && request.url?.startsWith('/api/v3') === false
    response.statusCode = answer === undefined && !isPage ? 404 : 200
    response.setHeader('content-type', isPage ? 'text/html' : 'application/json')
    response.end(isPage ? '<html>' : JSON.stringify(answer ?? { errors: [] }))
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

describe('the client', () => {
  it('searches by version 3 of the API where there is no other, even if that takes no notice of attributes', async () => {
    const client = createJaegerClient(await answering({ '/api/v3/traces': traces }))
    const tags = { 'querylens.n_plus_one.detected': 'true' }
    expect(await client.search({ service: 'shop', tags })).toEqual(['aa'])
    expect(await client.search({ service: 'shop' })).toEqual(['aa', 'bb'])
  })

  it('has no spans of a trace that is not there', async () => {
    const client = createJaegerClient(await answering({}))
    expect(await client.trace('aa')).toEqual([])
  })

  it('says what was answered in place of an answer', async () => {
    const client = createJaegerClient(await answering({}))
    await expect(client.services()).rejects.toThrow(
      /answered http:.*\/api\/v3\/services with 404: \{"errors"/,
    )
  })
})
