import { runInScope, type Finding, type DetectOptions } from '@querylens/core'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { recordExecutions } from '../support/record-executions.ts'
import { useBlog } from './blog.ts'
import { insertComments, readAuthorTwice, readCommentsOfPosts } from './loops.ts'

const blog = useBlog()
const { opened, closed } = collectFindings()
const recording = recordExecutions()
const throwing: { readonly detect: DetectOptions } = { detect: { mode: 'throw' } }

let warn: MockInstance<typeof console.warn>
beforeEach(() => void (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
afterEach(() => warn.mockRestore())

async function countInserted(): Promise<number> {
  const { rows } = await sql`select 1 from comments where post_id = 100`.execute(blog.db)
  return rows.length
}

describe('mode throw', () => {
  it('rejects the call that reaches the limit, with the finding', async () => {
    const work = runInScope('job', () => readCommentsOfPosts(blog.db), throwing)
    const error: unknown = await work.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'FindingError', code: 'QUERYLENS_FINDING' })
    expect((error as { readonly finding?: Finding }).finding).toBe(opened[0])
    expect((error as Error).message).toMatch(/^2x select comments, one for each row of select posts at /)
    expect(opened.map(({ kind }) => kind)).toEqual(['n_plus_one'])
    expect(closed).toEqual(opened)
    expect(blog.sent.filter((statement) => statement.includes('"comments"'))).toHaveLength(1)
  })

  it.each([
    ['keeps earlier writes outside a transaction', 4],
    ['rolls earlier writes back in a transaction', 0],
  ])('%s', async (name, inserted) => {
    const work = (): Promise<void> =>
      name.endsWith('in a transaction')
        ? blog.db.transaction().execute((transaction) => insertComments(transaction))
        : insertComments(blog.db)
    await expect(runInScope('job', work, throwing)).rejects.toMatchObject({ code: 'QUERYLENS_FINDING' })
    await expect(countInserted()).resolves.toBe(inserted)
    const [transaction] = recording.transactions
    expect(transaction?.outcome).toBe(inserted === 0 ? 'rolled_back' : undefined)
  })

  it('publishes the call as refused, not as failed', async () => {
    await runInScope('job', () => readAuthorTwice(blog.db), throwing).catch(() => {})
    expect(recording.queries.map(({ outcome }) => outcome)).toEqual(['completed', 'refused'])
    const refused = recording.queries[1]!
    expect(refused).toMatchObject({ returnedRows: undefined, error: { code: 'QUERYLENS_FINDING' } })
    expect(refused.scope).toMatchObject({ queryCount: 2, failedQueryCount: 0 })
  })

  it('rejects all further calls of the loop, including retries', async () => {
    const errors: unknown[] = []
    const job = runInScope(
      'job',
      async () => {
        const posts = await blog.db.selectFrom('posts').select('id').orderBy('id').execute()
        for (const { id } of posts) {
          const query = blog.db.selectFrom('comments').selectAll().where('post_id', '=', id)
          await query.execute().catch((error: unknown) => errors.push(error))
        }
      },
      throwing,
    )
    const failure: unknown = await job.catch((error: unknown) => error)
    expect(failure).toBe(errors[0])
    expect(errors).toHaveLength(5)
    expect(blog.sent.filter((statement) => statement.includes('"comments"'))).toHaveLength(1)
    expect(warn).not.toHaveBeenCalled()
    expect(closed.map(({ kind, count }) => [kind, count])).toEqual([['n_plus_one', 6]])
  })

  it('rejects all further duplicates', async () => {
    const errors: unknown[] = []
    const job = runInScope(
      'job',
      async () => {
        for (let count = 0; count < 6; count++) {
          const query = blog.db.selectFrom('authors').selectAll().where('id', '=', 1)
          await query.execute().catch((error: unknown) => errors.push(error))
        }
      },
      throwing,
    )
    const failure: unknown = await job.catch((error: unknown) => error)
    expect(failure).toBe(errors[0])
    expect(errors).toHaveLength(5)
    expect(closed).toMatchObject([{ kind: 'duplicate_query', count: 6, avoidableCount: 5 }])
  })

  it('rejects a duplicate although it may belong to a loop over equal rows', async () => {
    const work = async (): Promise<void> => {
      const posts = await blog.db.selectFrom('posts').selectAll().where('author_id', '=', 1).execute()
      for (const { author_id: id } of posts) {
        await blog.db.selectFrom('authors').selectAll().where('id', '=', id).execute()
      }
    }
    await expect(runInScope('job', work, throwing)).rejects.toMatchObject({
      code: 'QUERYLENS_FINDING',
      finding: { kind: 'duplicate_query' },
    })
  })

  it('suggests both columns of a key although one has not changed yet', async () => {
    const work = async (): Promise<void> => {
      const posts = await blog.db
        .selectFrom('posts')
        .select(['id', 'author_id'])
        .orderBy('author_id')
        .execute()
      for (const { id, author_id: author } of posts) {
        const update = blog.db.updateTable('posts').set({ title: `post ${id}` })
        await update.where('author_id', '=', author).where('id', '=', id).execute()
      }
    }
    await expect(runInScope('job', work, throwing)).rejects.toThrow(
      ".whereRef('posts.author_id', '=', 'rows.author_id').whereRef('posts.id', '=', 'rows.id')",
    )
    expect(opened).toMatchObject([{ count: 2 }])
  })

  it('rejects nothing that an allowance accepts', async () => {
    const allow = [{ table: 'comments', reason: 'few' }]
    await runInScope('job', () => readCommentsOfPosts(blog.db), { detect: { mode: 'throw', allow } })
    expect(opened).toEqual([])
  })

  it('rejects a stream before it is sent', async () => {
    const read: number[] = []
    const work = async (): Promise<void> => {
      const posts = await blog.db.selectFrom('posts').select('id').orderBy('id').execute()
      for (const { id } of posts) {
        const comments = blog.db.selectFrom('comments').selectAll().where('post_id', '=', id)
        for await (const comment of comments.stream()) read.push(comment.post_id)
      }
    }
    await expect(runInScope('job', work, throwing)).rejects.toMatchObject({ code: 'QUERYLENS_FINDING' })
    expect(read).toEqual([1, 1])
    expect(recording.queries.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['query', 'completed'],
      ['stream', 'completed'],
      ['stream', 'refused'],
    ])
    expect(recording.queries[2]?.scope?.failedQueryCount).toBe(0)
    // All four connections are back in the pool.
    await Promise.all(Array.from({ length: 8 }, () => countInserted()))
  })

  it('rejects the statement that makes a scope chatty', async () => {
    const work = async (): Promise<void> => {
      for (const column of ['id', 'title', 'author_id'] as const) {
        await blog.db.selectFrom('posts').select(column).execute()
      }
    }
    const detect: DetectOptions = { mode: 'throw', chattyScope: { atLeast: 3 } }
    await expect(runInScope('job', work, { detect })).rejects.toThrow(/^3 statements in job, /)
    expect(blog.sent).toHaveLength(2)
  })

  it.each<[string, DetectOptions, () => Promise<unknown>]>([
    ['large_result', { largeResult: { rows: 6 } }, () => blog.db.selectFrom('posts').selectAll().execute()],
    [
      'long_transaction',
      { longTransaction: { durationMillis: 1 } },
      () => blog.db.transaction().execute((transaction) => sql`select pg_sleep(0.01)`.execute(transaction)),
    ],
  ])('warns of %s, which is measured after the call', async (kind, options, work) => {
    await runInScope('job', work, { detect: { ...options, mode: 'throw' } })
    expect(closed.map((finding: Finding) => finding.kind)).toEqual([kind])
    expect(warn.mock.calls).toEqual([[`querylens: ${kind} in job: ${closed[0]!.message}`]])
  })
})
