import { runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it } from 'vitest'

import {
  attributesUnder,
  eventsOf,
  guessAuthors,
  kindsOf,
  listPosts,
  openBlog,
  request,
  ROWS,
} from '../support/blog.js'

const blog = await openBlog()
const { db } = blog

describe('findings of other kinds', () => {
  it('mark the query and the span around it', async () => {
    await request(async () => {
      for (let time = 0; time < 4; time++)
        await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
    })
    const span = await blog.only('request')
    const [, crossing] = await blog.spans('select authors')
    for (const each of [span, crossing!]) {
      expect(kindsOf(each)).toEqual(['duplicate_query'])
      expect(eventsOf(each)).toHaveLength(1)
      expect(attributesUnder(each, 'querylens.n_plus_one.')).toEqual({})
    }
    expect(span.attributes).toEqual({ 'querylens.finding.kinds': ['duplicate_query'] })
    expect(eventsOf(span)[0]?.attributes).toMatchObject({
      'querylens.finding.count': 4,
      'querylens.finding.brief': expect.stringMatching(
        /^duplicate query: 4x select authors with the same parameters at other-findings\.test\.ts:\d+ ← blog\.ts:\d+ ← other-findings\.test\.ts:\d+; /,
      ) as string,
    })
    expect(crossing?.attributes['code.file.path']).toMatch(/findings\.test\.ts$/)
  })

  it('name the lines from the query to its callers on spans and in the log', async () => {
    blog.instrumentation.setConfig({ findingLogs: true })
    const find = async (): Promise<unknown> =>
      await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
    const respond = async (): Promise<void> => {
      for (let time = 0; time < 3; time++) await find()
    }
    await request(async () => await runInScope('job', respond))
    const [event] = eventsOf(await blog.only('request'))
    const place = String(event?.attributes['querylens.finding.call_site'])
    expect(place).toMatch(/^find \(.*\.test\.ts:\d+\) ← respond \(.*\.test\.ts:\d+\)/)
    expect(event?.attributes['querylens.finding.brief']).toMatch(
      / at other-findings\.test\.ts:\d+ ← other-findings\.test\.ts:\d+[^;/(]*; /,
    )
    expect(blog.receiver.logs.map(({ body }) => body)).toEqual([expect.stringContaining(` at ${place}; `)])
  })

  it('add their kinds to one span, each once', async () => {
    await request(
      async () => {
        await listPosts(db)
        await guessAuthors(db, 5)
        for (let time = 0; time < 2; time++) await db.selectFrom('authors').selectAll().execute()
      },
      { detect: { largeResult: { rows: ROWS } } },
    )
    const span = await blog.only('request')
    expect(kindsOf(span)).toEqual(['large_result', 'n_plus_one', 'duplicate_query'])
    const kinds = eventsOf(span).map(({ attributes }) => attributes['querylens.finding.kind'])
    expect(kinds.toSorted()).toEqual([
      'duplicate_query',
      'large_result',
      'large_result',
      'n_plus_one',
      'n_plus_one',
    ])
    // The same place gets its large result twice: one finding, on the first.
    const authors = (await blog.spans('select authors')).slice(-2)
    expect(authors.map(kindsOf)).toEqual([['large_result'], ['duplicate_query']])
  })

  it('mark the span around the scope where they open at its end', async () => {
    await request(async () => {
      const posts = await db.selectFrom('posts').selectAll().where('author_id', '=', 1).execute()
      for (const { author_id } of [...posts, ...posts]) {
        await db.selectFrom('authors').selectAll().where('id', '=', author_id).execute()
      }
    })
    expect(kindsOf(await blog.only('request'))).toEqual(['duplicate_query'])
    expect((await blog.spans('select authors')).map(kindsOf)).toEqual(Array(4).fill(undefined))
  })

  it('mark the span around the query that is being sent, where they have no query', async () => {
    await request(
      async () => {
        for (const table of ['authors', 'posts', 'comments'] as const)
          await db.selectFrom(table).select('id').execute()
      },
      { detect: { chattyScope: { atLeast: 3 } } },
    )
    expect(kindsOf(await blog.only('request'))).toEqual(['chatty_scope'])
    expect(kindsOf(await blog.only('select comments'))).toBeUndefined()
  })

  it('mark the transaction and the span around it', async () => {
    await request(() => db.transaction().execute((trx) => sql`select pg_sleep(0.02)`.execute(trx)), {
      detect: { longTransaction: { durationMillis: 10 } },
    })
    for (const name of ['transaction', 'request']) {
      const span = await blog.only(name)
      expect(kindsOf(span), name).toEqual(['long_transaction'])
      expect(eventsOf(span), name).toHaveLength(1)
    }
  })

  it('mark the span that waits for the pool', async () => {
    const pool = new pg.Pool({ connectionString: blog.connectionString, max: 1 })
    const narrow = new Kysely(querylens({ dialect: new PostgresDialect({ pool }) }))
    await request(() => Promise.all([1, 2].map(() => sql`select pg_sleep(0.05)`.execute(narrow))), {
      detect: { poolWait: { durationMillis: 20 } },
    })
    await narrow.destroy()
    expect(kindsOf(await blog.only('request'))).toEqual(['pool_wait'])
  })
})
