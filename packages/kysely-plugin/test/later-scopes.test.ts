import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import {
  channels,
  currentScope,
  runInScope,
  scopeHttpRequests,
  type Scope,
  type ScopeSummary,
} from '@querylens/core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { useBlog } from './findings/blog.ts'
import { readCommentsOfPosts } from './findings/loops.ts'
import { collectFindings } from './support/collect-findings.ts'
import { recordExecutions } from './support/record-executions.ts'

const blog = useBlog()
const { opened, closed } = collectFindings()
const recording = recordExecutions()
const summaries: ScopeSummary[] = []
const onSummary = (summary: ScopeSummary): void => void summaries.push(summary)
/** A later scope ends one to two seconds after its last query. */
const LONG = { timeout: 10_000 }

beforeEach(() => {
  summaries.length = 0
  channels.scope.subscribe(onSummary)
})
afterEach(() => void channels.scope.unsubscribe(onSummary))

/** Without the later scopes of other tests, which end while this one runs. */
const summariesOf = (name: string): ScopeSummary[] => summaries.filter(({ scope }) => scope.name === name)
const readAuthors = (): Promise<unknown> => blog.db.selectFrom('authors').selectAll().execute()
const scopesOfQueries = (): (Scope | undefined)[] => [...new Set(recording.queries.map(({ scope }) => scope))]
const namesOfScopes = (): (string | undefined)[] => scopesOfQueries().map((scope) => scope?.name)

/** Runs `work` in a timer that is set in a scope, after the scope has ended. */
async function later<Result>(work: () => Promise<Result>): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>()
  runInScope('job', () => void setTimeout(() => resolve(work()), 5))
  return await promise
}

describe('queries after the end of their scope', () => {
  it('count the first execution of a loop', async () => {
    await later(async () => {
      for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald']) {
        await blog.db.selectFrom('authors').selectAll().where('name', '=', name).execute()
      }
    })
    expect(opened).toEqual([expect.objectContaining({ kind: 'n_plus_one', evidence: 'repeated', count: 5 })])
  })

  it('have one scope of their own, which ends when they pause', async () => {
    await later(async () => {
      await readAuthors()
      await delay(20)
      await blog.db
        .transaction()
        .execute((transaction) => transaction.selectFrom('posts').selectAll().execute())
      expect(currentScope()).toMatchObject({
        name: 'job (later)',
        kind: 'later',
        isNamed: true,
        ended: false,
      })
    })
    const finishedAt = Date.now()
    expect(namesOfScopes()).toEqual(['job (later)'])
    const [scope] = scopesOfQueries()
    expect(scope).toMatchObject({ ended: false, queryCount: 2, parent: { name: 'job', ended: true } })
    await expect.poll(() => summaries.map(({ scope: ended }) => ended), LONG).toContain(scope)
    expect(scope).toMatchObject({ ended: true, parent: undefined })
    const { durationMillis = NaN } = summaries.find(({ scope: ended }) => ended === scope) ?? {}
    // Until the last query, and not until the pause was noticed, at least a second later.
    expect(scope!.startTimeMillis + durationMillis).toBeLessThan(finishedAt + 500)
  })

  it('are checked for findings', async () => {
    await later(() => readCommentsOfPosts(blog.db))
    expect(opened).toMatchObject([{ kind: 'n_plus_one', scope: { name: 'job (later)' } }])
    await expect.poll(() => closed, LONG).toMatchObject([{ count: 6, closed: true }])
  })

  it('are refused in the mode throw of the ended scope', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const work = (): Promise<unknown> => readCommentsOfPosts(blog.db).catch((error: unknown) => error)
    runInScope('job', () => void setTimeout(() => resolve(work()), 5), { detect: { mode: 'throw' } })
    await expect(promise).resolves.toMatchObject({ code: 'QUERYLENS_FINDING' })
  })

  it('are not checked where the ended scope detects nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const work = (): Promise<unknown> => readCommentsOfPosts(blog.db)
    runInScope('job', () => void setTimeout(() => resolve(work()), 5), { detect: false })
    await promise
    expect(opened).toEqual([])
  })

  it('belong to one scope where the work waits for something else before each query', async () => {
    await later(async () => {
      const posts = await blog.db.selectFrom('posts').select('id').execute()
      for (const { id } of posts) await afterWaiting(id)
    })
    async function afterWaiting(id: number): Promise<void> {
      await delay(1)
      await blog.db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
    expect(namesOfScopes()).toEqual(['job (later)'])
  })

  it('belong to one scope for each turn of work, whatever began before', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    runInScope('job', () => {
      setTimeout(() => void readAuthors(), 5)
      setTimeout(() => void Promise.resolve().then(() => resolve(readCommentsOfPosts(blog.db))), 700)
    })
    await promise
    expect(namesOfScopes()).toEqual(['job (later)', 'job (later)'])
    expect(opened).toMatchObject([{ kind: 'n_plus_one', scope: { id: scopesOfQueries()[1]!.id } }])
  })

  it('belong to a scope for each tick of an interval', async () => {
    let timer: NodeJS.Timeout | undefined
    runInScope('start-up', () => {
      timer = setInterval(() => void readAuthors(), 150)
    })
    await expect.poll(() => recording.queries.length, LONG).toBeGreaterThanOrEqual(4)
    clearInterval(timer)
    expect(new Set(namesOfScopes())).toEqual(new Set(['start-up (later)']))
    expect(scopesOfQueries()).toHaveLength(recording.queries.length)
    expect(opened).toEqual([])
  })

  it('keep their name in the scopes that follow a pause', async () => {
    await later(async () => {
      await readAuthors()
      const [first] = scopesOfQueries()
      await expect.poll(() => first?.ended, LONG).toBe(true)
      await readAuthors()
    })
    expect(namesOfScopes()).toEqual(['job (later)', 'job (later)'])
  })

  it('belong to a scope that is opened in them', async () => {
    await later(async () => {
      await readAuthors()
      await runInScope('inner', readAuthors)
    })
    expect(namesOfScopes()).toEqual(['job (later)', 'inner'])
    expect(scopesOfQueries()[1]?.ended).toBe(true)
  })
})

describe('queries of a request after its response', () => {
  beforeAll(() => scopeHttpRequests())

  async function serve(listener: RequestListener): Promise<void> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    await (await fetch(`http://localhost:${(server.address() as AddressInfo).port}/orders/4711`)).text()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  it('are checked in a scope of their own', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    await serve((async (_request, response) => {
      await readAuthors()
      response.end()
      await new Promise((closes) => response.on('close', closes))
      resolve(await readCommentsOfPosts(blog.db))
    }) as RequestListener)
    await promise
    expect(namesOfScopes()).toEqual(['GET /orders/…', 'GET /orders/… (later)'])
    expect(scopesOfQueries()[1]).toMatchObject({ isNamed: false, kind: 'later' })
    expect(opened).toMatchObject([{ kind: 'n_plus_one', scope: { kind: 'later' } }])
  })
})

describe('a generator that runInScope returns', () => {
  const options = { detect: { mode: 'throw' } } as const
  const postIds = (): Promise<readonly { readonly id: number }[]> =>
    blog.db.selectFrom('posts').select('id').orderBy('id').execute()
  const comments = (id: number): Promise<unknown> =>
    blog.db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()

  async function* readComments(): AsyncGenerator<unknown> {
    for (const { id } of await postIds()) yield await comments(id)
  }

  it('has its queries in the scope, which ends with it', async () => {
    const generator = runInScope('export', readComments)
    expect(summariesOf('export')).toEqual([])
    for await (const _ of generator) expect(currentScope()).toBeUndefined()
    expect(namesOfScopes()).toEqual(['export'])
    expect(summariesOf('export')).toMatchObject([{ failed: false, scope: { name: 'export', queryCount: 7 } }])
    expect(closed).toMatchObject([{ kind: 'n_plus_one', count: 6 }])
  })

  it('is refused in the mode throw', async () => {
    const read = async (): Promise<void> => {
      for await (const _ of runInScope('export', readComments, options));
    }
    await expect(read()).rejects.toMatchObject({ code: 'QUERYLENS_FINDING' })
    expect(summariesOf('export')).toMatchObject([{ failed: true, error: { code: 'QUERYLENS_FINDING' } }])
  })

  it('may be a stream of Kysely, or come by a promise', async () => {
    const stream = runInScope('stream', () => blog.db.selectFrom('posts').select('id').stream())
    const rows = []
    for await (const row of stream) rows.push(row)
    expect(rows).toHaveLength(6)
    for await (const _ of await runInScope('promised', async () => (await postIds(), readComments())));
    expect(namesOfScopes()).toEqual(['stream', 'promised'])
    expect(summariesOf('stream').map(({ scope }) => scope.queryCount)).toEqual([1])
    expect(summariesOf('promised').map(({ scope }) => scope.queryCount)).toEqual([8])
  })
})
