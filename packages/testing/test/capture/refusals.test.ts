import { createServer, type RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

import { captureQueries, QueryAssertionError, type CaptureOptions } from '@querylens/testing'
import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { close, frameworks } from '../http/servers.ts'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

/** Each execution of a query of books takes the next number of a sequence: PostgreSQL itself counts what reaches it. */
beforeAll(async () => {
  library = await openLibrary()
  await library.pool.query(`
    create sequence hits;
    alter table books rename to stored_books;
    create view books as with hit as materialized (select nextval('hits')) select stored_books.* from stored_books, hit;
  `)
})
afterAll(() => library.close())
beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await library.pool.query('alter sequence hits restart')
})
afterEach(() => vi.restoreAllMocks())

async function queriesOfBooksThatReachedPostgres(): Promise<number> {
  const { rows } = await library.pool.query<{ last_value: string; is_called: boolean }>('select * from hits')
  return rows[0]?.is_called === true ? Number(rows[0].last_value) : 0
}

const booksOf = (author: number) =>
  library.db.selectFrom('books').selectAll().where('author_id', '=', author).execute()

async function failureOf(work: () => unknown, options: CaptureOptions): Promise<Error> {
  return await captureQueries(work, options).then(
    () => expect.fail('the capture did not reject'),
    (error: Error) => error,
  )
}

const throwing: CaptureOptions = { detect: { mode: 'throw' } }
const LOOP = /^Refused a query, .*: \d+x select books, one for each row of select authors/

describe.each(frameworks)('a refusal that $name turned into a response', ({ create }) => {
  it.each([
    ['in the mode throw', throwing, LOOP, 1],
    ['beyond max', { max: 3 }, /^captureQueries\(\) allows at most 3 queries/, 2],
  ] as const)('fails the capture %s', async (_name, options, message, reached) => {
    const server = await create(library.db)
    const failure = await failureOf(() => supertest(server).get('/books').expect(500), options)
    await close(server)
    expect(failure).toBeInstanceOf(QueryAssertionError)
    expect(failure.message).toMatch(message)
    expect(failure.cause).toBeUndefined()
    expect(await queriesOfBooksThatReachedPostgres()).toBe(reached)
  })

  it('has the failed expectation of the test as its cause', async () => {
    const server = await create(library.db)
    const failure = await failureOf(() => supertest(server).get('/books').expect(200), throwing)
    await close(server)
    expect(failure.message).toMatch(LOOP)
    expect(failure.cause).toMatchObject({ message: expect.stringMatching(/expected 200 "OK", got 500/) })
  })
})

describe('a refusal', () => {
  it.each([
    ['a loop', () => listBooks(library.db)],
    [
      'a loop whose errors are swallowed',
      async () => {
        for (const { id } of await library.db.selectFrom('authors').selectAll().execute()) {
          await booksOf(id).catch(() => {})
        }
      },
    ],
    [
      'a parallel loop',
      async () => {
        const authors = await library.db.selectFrom('authors').selectAll().execute()
        return await Promise.allSettled(authors.map(({ id }) => booksOf(id)))
      },
    ],
  ])('stops the rest of %s', async (_name, work) => {
    expect((await failureOf(work, throwing)).message).toMatch(LOOP)
    expect(await queriesOfBooksThatReachedPostgres()).toBe(1)
  })

  it('beyond max stops everything that follows, in the capture and after it', async () => {
    let later: Promise<unknown> | undefined
    const work = async () => {
      later = delay(50).then(() => booksOf(1))
      later.catch(() => {})
      return await Promise.allSettled([booksOf(1), booksOf(2), booksOf(3), booksOf(4)])
    }
    expect((await failureOf(work, { max: 2 })).message).toMatch(/at most 2 queries/)
    await expect(later).rejects.toMatchObject({ code: 'QUERYLENS_QUERY_LIMIT' })
    expect(await queriesOfBooksThatReachedPostgres()).toBe(2)
  })

  it('stops the rest of a parallel loop after its error has ended the response', async () => {
    const ended = Promise.withResolvers<unknown>()
    const listener: RequestListener = async (_request, response) => {
      const authors = await library.db.selectFrom('authors').selectAll().execute()
      const loop = authors.map(async ({ id }, index) => {
        await delay(index * 20)
        return await booksOf(id)
      })
      await Promise.all(loop).catch(() => response.writeHead(500).end())
      const results = await Promise.allSettled(loop)
      ended.resolve(results.map(({ status }) => status))
    }
    const server = createServer(listener)
    const failure = await failureOf(() => supertest(server).get('/').expect(500), throwing)
    await close(server)
    expect(failure.message).toMatch(LOOP)
    expect(await ended.promise).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(await queriesOfBooksThatReachedPostgres()).toBe(1)
  })

  it('does not mask the error of the function, and shows its own queries', async () => {
    const own = new Error('the body is wrong')
    const failure = await failureOf(async () => {
      await listBooks(library.db).catch(() => {})
      throw own
    }, throwing)
    expect(failure.message).toMatch(LOOP)
    expect(failure.message).toContain('select * from "books" where "author_id" = $1')
    expect(failure.cause).toBe(own)
    expect(failure.stack).toContain('refusals.test.ts')
  })

  it('is not there when the function fails by itself', async () => {
    const own = new Error('own')
    await expect(
      captureQueries(async () => {
        await booksOf(1)
        throw own
      }, throwing),
    ).rejects.toBe(own)
  })
})

describe('a refusal that leaves a request without a response', () => {
  it('fails the capture, which does not wait for the response', async () => {
    const server = createServer(() => void listBooks(library.db).catch(() => {})).listen(0)
    const work = () => supertest(server).get('/books')
    const failure = await failureOf(work, { ...throwing, settleMillis: 50 })
    server.closeAllConnections()
    await close(server)
    expect(failure.message).toMatch(LOOP)
    expect(failure.message).toMatch(
      /\nThe function failed as well: Error: it had not ended 50 ms after the refusal\. A server has to answer/,
    )
  })
})
