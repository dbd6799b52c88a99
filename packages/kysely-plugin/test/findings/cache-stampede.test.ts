import { channels, runInScope, type Finding } from '@querylens/core'
import { sql, type Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { useBlog } from './blog.ts'
import type { Blog } from './scenario.ts'

const blog = useBlog({
  detect: { cacheStampede: { atLeast: 3, durationMillis: 50 }, largeResult: false, duplicateQuery: false },
})
const findings: Finding[] = []
const listen = (finding: Finding): void => void findings.push(finding)
beforeEach(() => {
  findings.length = 0
  channels.finding.subscribe(listen)
})
afterEach(() => void channels.finding.unsubscribe(listen))

/** A slow query whose functions all return the same for the same arguments. */
const report = (db: Kysely<Blog>, name: string) =>
  sql`
  select count(*) from authors where name = ${name}
  union all select count(*) from generate_series(1, 1000000) i where i % 7 = 3`.execute(db)

const job = (name: string, work: () => Promise<unknown>) => runInScope(name, work)

describe('cache_stampede', () => {
  it('opens once for scopes that run the same slow query at once', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => job(name, () => report(blog.db, 'same'))))
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ kind: 'cache_stampede', evidence: 'measured' })
    expect(findings[0]!.count).toBeGreaterThanOrEqual(3)
    expect(findings[0]!.message).toMatch(
      /^[34] scopes ran .* at once with the same parameters, each for up to /,
    )
  })

  it.each([
    [
      'with different parameters',
      () => ['a', 'b', 'c', 'd'].map((name) => job(name, () => report(blog.db, name))),
    ],
    ['in one scope', () => [job('all', () => Promise.all([1, 2, 3, 4].map(() => report(blog.db, 'same'))))]],
    [
      'that are fast',
      () =>
        ['a', 'b', 'c', 'd'].map((name) =>
          job(name, () => blog.db.selectFrom('authors').selectAll().execute()),
        ),
    ],
    [
      'that call a volatile function',
      () =>
        ['a', 'b', 'c', 'd'].map((name) =>
          job(name, () => sql`select pg_sleep(0.06), id from posts limit 1`.execute(blog.db)),
        ),
    ],
    [
      'without a table',
      () =>
        ['a', 'b', 'c', 'd'].map((name) =>
          job(name, () => sql`select count(*) from generate_series(1, 1000000) i`.execute(blog.db)),
        ),
    ],
    [
      'in transactions, whose tenant decides which rows they see',
      () =>
        ['a', 'b', 'c', 'd'].map((name) =>
          job(name, () => blog.db.transaction().execute((trx) => report(trx, 'same'))),
        ),
    ],
  ] as const)('does not open for queries %s', async (_, run) => {
    await Promise.all(run())
    expect(findings).toEqual([])
  })

  it('does not open for scopes that follow one another', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await job(name, () => report(blog.db, 'same'))
    expect(findings).toEqual([])
  })
})
