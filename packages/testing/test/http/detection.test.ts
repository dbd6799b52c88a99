import { createServer } from 'node:http'

import { currentScope } from '@querylens/core'
import { captureQueries } from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'
import { close, listen } from './servers.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

describe('the requests of a capture', () => {
  it('are scopes of their own, so that queries of two are no duplicates', async () => {
    const ids = new Set<unknown>()
    const server = createServer(async (_request, response) => {
      ids.add(currentScope()?.id)
      await library.db.selectFrom('authors').selectAll().execute()
      response.end()
    })
    const url = await listen(server)
    const queries = await captureQueries(async () => {
      for (let times = 0; times < 4; times++) await (await fetch(url)).text()
    })
    await close(server)
    expect([queries.count, ids.size, queries.findings]).toEqual([4, 4, []])
  })

  it('do not go on in requests to a server that was started in the capture', async () => {
    const server = createServer(async (_request, response) => {
      await library.db.selectFrom('authors').selectAll().execute()
      response.end()
    })
    let url = ''
    const ask = async () => await (await fetch(url)).text()
    const queries = await captureQueries(async () => {
      url = await listen(server)
      await ask()
    })
    await ask()
    const next = await captureQueries(ask)
    await close(server)
    expect([queries.count, queries.late, next.count]).toEqual([1, [], 1])
  })

  it('can be a cache stampede', async () => {
    const server = createServer(async (_request, response) => {
      await sql`select count(*) from authors union all select count(*) from generate_series(1, 1000000) i`.execute(
        library.db,
      )
      response.end()
    })
    const url = await listen(server)
    const detect = { cacheStampede: { atLeast: 3, durationMillis: 20 } }
    const work = () => Promise.all([1, 2, 3, 4].map(async () => await (await fetch(url)).text()))
    const queries = await captureQueries(work, { detect })
    await close(server)
    expect(queries.findings.map(({ kind }) => kind)).toEqual(['cache_stampede'])
  })

  it('have the options of their capture', async () => {
    const server = createServer((_request, response) => {
      listBooks(library.db).then(
        () => response.end(),
        () => response.writeHead(500).end(),
      )
    })
    const url = await listen(server)
    const ask = async () => (await fetch(url)).status
    const [throwing, off, allowed] = await Promise.allSettled([
      captureQueries(ask, { detect: { mode: 'throw' } }),
      captureQueries(ask, { detect: false }),
      captureQueries(ask, { detect: { allow: [{ reason: 'a test', table: 'books' }] } }),
    ])
    await close(server)
    expect(throwing).toMatchObject({ status: 'rejected' })
    expect(off).toMatchObject({ value: { count: 5, findings: [], result: 200 } })
    expect(allowed).toMatchObject({ value: { count: 5, findings: [], result: 200 } })
  })
})
