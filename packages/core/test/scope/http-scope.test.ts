import diagnosticsChannel from 'node:diagnostics_channel'
import { createServer, request as httpRequest, Agent, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { getRequestListener } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { channels } from '../../src/messages/channels.js'
import { httpScopeName, scopeHttpRequests } from '../../src/scope/http-scope.js'
import { currentScope } from '../../src/scope/scope.js'
import type { Scope, ScopeSummary } from '../../src/messages/scope.js'

/** The scope that a handler sees at its start and after a wait. */
interface SeenScope {
  readonly name: string | undefined
  readonly isNamed: boolean | undefined
  readonly id: number | undefined
  readonly idAfterWaiting: number | undefined
}

const START = 'http.server.request.start'
/** Long enough for a client to disconnect during the wait. */
const WAIT_MILLIS = 30

async function seenScope(): Promise<SeenScope> {
  const before = currentScope()
  await delay(WAIT_MILLIS)
  return { name: before?.name, isNamed: before?.isNamed, id: before?.id, idAfterWaiting: currentScope()?.id }
}

/** `route` is the expected name of a request for `/orders/4711`. */
const frameworks: readonly { readonly name: string; readonly route: string; create(): Promise<Server> }[] = [
  {
    name: 'node:http',
    route: 'GET /orders/…',
    create: async () =>
      createServer((async (_request, response) => {
        response.end(JSON.stringify(await seenScope()))
      }) as RequestListener),
  },
  {
    name: 'Fastify',
    route: 'GET /orders/:id',
    async create() {
      const app = Fastify()
      app.get('/orders/:id', async () => await seenScope())
      app.get('*', async () => await seenScope())
      await app.ready()
      return app.server
    },
  },
  {
    name: 'Express',
    route: 'GET /orders/:id',
    async create() {
      const app = express()
      const router = express.Router()
      router.get('/:id', async (_request, response) => void response.json(await seenScope()))
      app.use('/orders', router)
      app.use(async (_request, response) => void response.json(await seenScope()))
      return createServer(app)
    },
  },
  {
    name: 'Hono',
    route: 'GET /orders/…',
    async create() {
      const app = new Hono()
      app.get('*', async (context) => context.json(await seenScope()))
      return createServer(getRequestListener(app.fetch))
    },
  },
]

describe.each(frameworks)('scopeHttpRequests with $name', ({ create, route }) => {
  let server: Server
  let port: number
  const summaries: ScopeSummary[] = []
  const onSummary = (summary: unknown): void => void summaries.push(summary as ScopeSummary)

  beforeAll(() => {
    scopeHttpRequests()
    // A second call must not open a second scope for each request.
    return scopeHttpRequests()
  })
  beforeEach(async () => {
    summaries.length = 0
    channels.scope.subscribe(onSummary)
    server = await create()
    await new Promise<void>((resolve) => server.listen(0, resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    channels.scope.unsubscribe(onSummary)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('opens a scope for each request and keeps it across waits', async () => {
    const response = await fetch(`http://localhost:${port}/orders/4711?token=secret`)
    const { name, isNamed, id, idAfterWaiting } = (await response.json()) as SeenScope
    expect(name).toBe(route)
    expect(isNamed).toBe(route.endsWith('/:id'))
    expect(id).toBeTypeOf('number')
    expect(idAfterWaiting).toBe(id)
  })

  it('opens separate scopes for requests on a kept-alive connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ids = []
    for (let count = 0; count < 5; count++) ids.push((await get(agent)).id)
    agent.destroy()
    expect(new Set(ids).size).toBe(5)
    expect(ids).not.toContain(undefined)
  })

  it('opens separate scopes for pipelined requests', async () => {
    const seen = await pipeline(4)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(4)
    expect(seen.map(({ idAfterWaiting }) => idAfterWaiting)).toEqual(seen.map(({ id }) => id))
  })

  it('opens separate scopes for concurrent requests', async () => {
    const seen = await Promise.all(Array.from({ length: 20 }, () => get(undefined)))
    expect(new Set(seen.map(({ id }) => id)).size).toBe(20)
    expect(seen.map(({ idAfterWaiting }) => idAfterWaiting)).toEqual(seen.map(({ id }) => id))
  })

  it('publishes one summary when the response ends', async () => {
    const { id } = await get(undefined)
    await vi.waitFor(() => expect(summaries.map(({ scope }) => scope.id)).toEqual([id]))
    expect(summaries[0]?.scope.ended).toBe(true)
  })

  it('opens pipelined requests without a parent and ends unanswered ones with their connection', async () => {
    const opened: (Scope | undefined)[] = []
    const listen = (): void => void opened.push(currentScope())
    diagnosticsChannel.subscribe(START, listen)
    const socket = connect(port, 'localhost')
    socket.write('GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3))
    await vi.waitFor(() => expect(opened).toHaveLength(3))
    diagnosticsChannel.unsubscribe(START, listen)
    socket.destroy()
    const scopes = opened.filter((scope) => scope !== undefined)
    expect(scopes.map(({ parent }) => parent)).toEqual([undefined, undefined, undefined])
    await vi.waitFor(() => expect(summaries).toHaveLength(3))
    expect(scopes.map(({ ended }) => ended)).toEqual([true, true, true])
  })

  it('ends the scope when the client disconnects', async () => {
    const begun = new Promise((resolve) => diagnosticsChannel.channel(START).subscribe(resolve))
    const socket = connect(port, 'localhost')
    socket.write('GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await begun
    socket.destroy()
    await vi.waitFor(() =>
      expect(summaries.map(({ scope }) => scope.name)).toEqual([expect.stringMatching(/^GET (\/gone|\*)$/)]),
    )
  })

  function get(agent: Agent | undefined): Promise<SeenScope> {
    return new Promise((resolve, reject) => {
      httpRequest({ port, path: '/orders', agent }, (response) => {
        response.setEncoding('utf8')
        let body = ''
        response.on('data', (chunk: string) => (body += chunk))
        response.on('end', () => resolve(JSON.parse(body) as SeenScope))
      })
        .on('error', reject)
        .end()
    })
  }

  function pipeline(count: number): Promise<SeenScope[]> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, 'localhost')
      let received = ''
      socket.setEncoding('utf8').on('error', reject)
      socket.on('data', (chunk: string) => {
        received += chunk
        const seen = [...received.matchAll(/\{"name".*?\}(?=\D|$)/g)].map(
          ([json]) => JSON.parse(json) as SeenScope,
        )
        if (seen.length < count) return
        socket.destroy()
        resolve(seen)
      })
      socket.write('GET /orders HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(count))
    })
  }
})

describe('httpScopeName', () => {
  it.each([
    ['GET', '/orders', 'GET /orders'],
    ['POST', '/', 'POST /'],
    ['GET', '', 'GET /'],
    ['GET', '/orders/4711/items?x=1', 'GET /orders/…'],
    ['GET', '/users/alice/reset/hunter', 'GET /users/…'],
    ['GET', '/ada@example.com', 'GET /…'],
    ['GET', '/3f2c1a9e-6b1d-4f0e-9b7a-1c2d3e4f5a6b', 'GET /…'],
    ['GET', '/b3BlbiBzZXNhbWUgMTIzNDU2Nzg5', 'GET /…'],
    ['GET', '/AbCdEfGhSecretToken', 'GET /…'],
    ['GET', '/api/v2/orders', 'GET /api/v2/orders'],
    ['GET', '/api/v2/orders/alice', 'GET /api/v2/orders/…'],
    ['GET', '/orderItems', 'GET /orderItems'],
    ['GET', `/${'x'.repeat(60)}`, 'GET /…'],
    ['GET', '/red%20shoes', 'GET /…'],
  ])('names %s %s without its values', (method, url, expected) => {
    expect(httpScopeName(method, url)).toBe(expected)
  })
})
