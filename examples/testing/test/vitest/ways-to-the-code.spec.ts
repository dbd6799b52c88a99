import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { captureQueries } from '@querylens/testing'
import '@querylens/testing/vitest'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createApp } from '../../src/app.ts'
import { listBooks } from '../../src/books.ts'
import { createFastify, createHandler, createHono } from '../../src/other-servers.ts'
import { ReminderWorker } from '../../src/reminder-worker.ts'
import { openTestLibrary, type TestLibrary } from '../../src/test-database.ts'

let library: TestLibrary
let server: Server
let worker: ReminderWorker

beforeAll(async () => {
  library = await openTestLibrary()
  server = createServer(createApp(library.db)).listen(0)
  await once(server, 'listening')
  worker = new ReminderWorker(library.db)
})
afterAll(async () => {
  await worker.stop()
  server.close()
  await library.close()
})

describe('one query for a page of books', () => {
  it('in a function', async () => {
    const queries = await captureQueries(() => listBooks(library.db, 3))
    expect(queries).toHaveQueryCount(1)
    expect(queries.result).toHaveLength(3)
  })

  it('over supertest', async () => {
    const queries = await captureQueries(() => request(createApp(library.db)).get('/books').expect(200))
    expect(queries).toHaveQueryCount({ max: 1 })
    expect(queries.result.body).toHaveLength(20)
  })

  it('over fetch, from a server that runs already', async () => {
    const { port } = server.address() as AddressInfo
    const queries = await captureQueries(() => fetch(`http://localhost:${port}/books?limit=5`))
    expect(queries).toHaveQueryCount(1)
    expect(await queries.result.json()).toHaveLength(5)
  })

  it('in two requests at once, each with its own queries', async () => {
    const { port } = server.address() as AddressInfo
    const [list, loans] = await Promise.all([
      captureQueries(() => fetch(`http://localhost:${port}/books`)),
      captureQueries(() => fetch(`http://localhost:${port}/books/1/loans`, { method: 'POST' })),
    ])
    expect(list).toHaveQueryCount({ select: 1, insert: 0 })
    expect(loans).toHaveQueryCount({ select: 1, insert: 1 })
  })

  it('over inject of Fastify', async () => {
    const app = createFastify(library.db)
    expect(await captureQueries(() => app.inject('/books'))).toHaveQueryCount(1)
    await app.close()
  })

  it('over request of Hono', async () => {
    const app = createHono(library.db)
    expect(await captureQueries(() => app.request('/books'))).toHaveQueryCount(1)
  })

  it('in a route handler that is called as a function', async () => {
    const { GET } = createHandler(library.db)
    expect(await captureQueries(() => GET(new Request('http://library/books')))).toHaveQueryCount(1)
  })

  it('in a worker that runs already', async () => {
    const queries = await captureQueries(() => worker.remind(), { process: true })
    expect(queries).toHaveQueryCount({ table: 'loans', count: 1 })
  })
})
