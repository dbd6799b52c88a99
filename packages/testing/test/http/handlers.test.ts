import { captureQueries } from '@querylens/testing'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

/** Ways to call a handler without a server: the capture follows them by their context. */
const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
  [
    'inject of Fastify',
    async () => {
      const app = Fastify()
      app.get('/books', () => listBooks(library.db))
      return (await app.inject({ url: '/books' })).json()
    },
  ],
  [
    'app.request of Hono',
    async () => {
      const app = new Hono().onError((_error, context) => context.json([], 500))
      app.get('/books', async (context) => context.json((await listBooks(library.db)) as never))
      return await (await app.request('/books')).json()
    },
  ],
  [
    'a route handler of Next.js',
    async () => {
      const GET = async (_request: Request) => Response.json(await listBooks(library.db))
      return await (await GET(new Request('http://localhost/books'))).json()
    },
  ],
]

it.each(calls)('a capture follows %s', async (_name, call) => {
  const queries = await captureQueries(call)
  expect(queries.count).toBe(5)
  expect(queries.result).toHaveLength(8)
  expect(queries.findings.map(({ kind }) => kind)).toEqual(['n_plus_one'])
  await expect(captureQueries(call, { detect: { mode: 'throw' } })).rejects.toThrow(/2x select books/)
})
