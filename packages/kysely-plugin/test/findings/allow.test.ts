import { channels, diagnostics, runInScope, type Allowance, type Finding } from '@querylens/core'
import { clock } from '@querylens/core/internal'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { insertComments, readAuthorTwice } from './loops.ts'
import type { Blog } from './scenario.ts'

const LOOPS = 'packages/kysely-plugin/test/findings/loops.ts'
const db = new Kysely<Blog>(querylens({ dialect: createStubDialect() }))
const { opened, closed } = collectFindings()

async function findingsWith(allowance: Omit<Allowance, 'reason'>, work = readAuthorTwice): Promise<string[]> {
  const allow = [{ reason: 'a test', ...allowance }]
  await runInScope('job', () => work(db), { detect: { allow } })
  expect(closed).toEqual(opened)
  return closed.map(({ kind }) => kind)
}

/** The finding that `work` opens without an allowance. */
async function findingOf(work: (db: Kysely<Blog>) => Promise<void>): Promise<Finding> {
  const found: Finding[] = []
  const listen = (finding: unknown): void => void found.push(finding as Finding)
  channels.finding.subscribe(listen)
  await runInScope('before', () => work(db))
  channels.finding.unsubscribe(listen)
  opened.length = closed.length = 0
  return found[0]!
}

describe('allow', () => {
  it.each<Omit<Allowance, 'reason'>>([
    { table: 'authors' },
    { table: 'AUTHORS' },
    { scope: 'job' },
    { callSite: 'loops.ts' },
    { callSite: 'test/findings/loops.ts' },
    { callSite: 'loops.ts#readAuthorTwice' },
    { callSite: { file: LOOPS, function: 'readAuthorTwice' } },
    { scope: 'job', kinds: ['duplicate_query'] },
    { scope: 'job', table: 'authors', callSite: 'loops.ts', kinds: ['large_result', 'duplicate_query'] },
  ])('accepts the finding with %j', async (allowance) => {
    await expect(findingsWith(allowance)).resolves.toEqual([])
  })

  it.each<Omit<Allowance, 'reason'>>([
    { table: 'posts' },
    { table: 'public.authors' },
    { table: 'author' },
    { scope: 'jo' },
    { callSite: 'oops.ts' },
    { callSite: 'loops.ts#readAuthor' },
    { callSite: 'loops.ts#insertComments' },
    { callSite: { file: LOOPS, function: null } },
    { callSite: { file: 'loops.ts', function: 'readAuthorTwice' } },
    { table: 'authors', callSite: null },
    { fingerprint: 'q1:0123456789abcdef' },
    { scope: 'job', kinds: ['n_plus_one'] },
    { scope: 'job', table: 'posts' },
    { scope: 'other', table: 'authors' },
  ])('reports the finding with %j', async (allowance) => {
    await expect(findingsWith(allowance)).resolves.toEqual(['duplicate_query'])
  })

  it('accepts a finding by its fingerprint', async () => {
    const { fingerprint } = await findingOf(readAuthorTwice)
    await expect(findingsWith({ fingerprint })).resolves.toEqual([])
  })

  it('matches the line of the loop, the innermost call, and a table without its schema', async () => {
    const helper = async (id: number): Promise<unknown> =>
      await db.withSchema('blog').selectFrom('authors').selectAll().where('id', '=', id).execute()
    const loop = async (): Promise<void> => {
      await Promise.all([1, 2, 3, 4, 5].map((id) => helper(id)))
    }
    for (const allowance of [
      { callSite: 'allow.test.ts#helper' },
      { callSite: 'allow.test.ts#loop' },
      { table: 'authors' },
      { table: 'blog.authors' },
    ]) {
      await expect(findingsWith(allowance, loop)).resolves.toEqual([])
    }
    await expect(findingsWith({ table: 'other.authors' }, loop)).resolves.toEqual(['n_plus_one'])
  })

  it('matches a private method by its name', async () => {
    class Authors {
      async readTwice(): Promise<void> {
        for (let count = 0; count < 2; count++) await this.#read()
      }
      async #read(): Promise<void> {
        await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
      }
    }
    const work = (): Promise<void> => new Authors().readTwice()
    await expect(findingsWith({ callSite: 'allow.test.ts##read' }, work)).resolves.toEqual([])
    await expect(findingsWith({ callSite: 'allow.test.ts#read' }, work)).resolves.toEqual(['duplicate_query'])
  })

  it('keeps the statements of an accepted loop out of other findings', async () => {
    const loop = async (): Promise<void> => {
      for (const id of [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) {
        await db.selectFrom('posts').selectAll().where('author_id', '=', id).execute()
      }
    }
    const allow = [{ reason: 'a test', table: 'posts' }]
    await runInScope('job', loop, { detect: { allow, chattyScope: { atLeast: 9 } } })
    expect(opened).toEqual([])
  })

  describe('until', () => {
    afterEach(() => void vi.restoreAllMocks())

    it.each<[string, string[]]>([
      ['2027-03-31T23:59:59.999Z', []],
      ['2027-04-01T00:00:00Z', ['duplicate_query']],
    ])('accepts findings through its last day: %s', async (now, kinds) => {
      const wallMillis = vi.spyOn(clock, 'wallMillis').mockReturnValue(Date.parse(now))
      const allowance: Allowance = { reason: `at ${now}`, scope: 'job', until: '2027-03-31' }
      await expect(findingsWith(allowance)).resolves.toEqual(kinds)
      const unused = diagnostics().unusedAllowances.filter(
        ({ allowance: { reason } }) => reason === allowance.reason,
      )
      expect(unused).toEqual(kinds.length === 0 ? [] : [{ allowance, expired: true }])
      // A used allowance is listed once it has expired.
      wallMillis.mockReturnValue(Date.parse('2028-01-01'))
      expect(diagnostics().unusedAllowances).toContainEqual({ allowance, expired: true })
    })
  })
})

describe('diagnostics().unusedAllowances', () => {
  const unusedFor = (reason: string) =>
    diagnostics().unusedAllowances.filter(({ allowance }) => allowance.reason === reason)

  it('lists an unused allowance once, however often it is configured', async () => {
    const reason = 'never needed'
    for (let count = 0; count < 3; count++) {
      await runInScope('job', () => readAuthorTwice(db), {
        detect: { allow: [{ reason, table: 'posts' }] },
      })
    }
    expect(unusedFor(reason)).toEqual([{ allowance: { reason, table: 'posts' }, expired: false }])
  })

  it('omits a used allowance, in any order of its fields', async () => {
    const reason = 'needed once'
    await runInScope('job', () => insertComments(db), { detect: { allow: [{ reason, table: 'authors' }] } })
    expect(unusedFor(reason)).toHaveLength(1)
    await runInScope('job', () => readAuthorTwice(db), {
      detect: { allow: [{ table: 'authors', reason }] },
    })
    expect(unusedFor(reason)).toEqual([])
  })

  it('counts a finding for each allowance that accepts it', async () => {
    const reasons = ['first of both', 'second of both']
    const allow = reasons.map((reason) => ({ reason, table: 'authors' }))
    await runInScope('job', () => readAuthorTwice(db), { detect: { allow } })
    expect(reasons.flatMap(unusedFor)).toEqual([])
  })
})
