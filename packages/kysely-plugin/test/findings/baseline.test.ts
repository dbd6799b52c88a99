import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runInScope, writeBaseline, type Allowance, type DetectOptions, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { insertComments, readAuthorTwice } from './loops.ts'
import type { Blog } from './scenario.ts'

const db = new Kysely<Blog>(querylens({ dialect: createStubDialect() }))
const { closed } = collectFindings()
let folder = ''
let files = 0
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'querylens-baseline-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** The kinds of the findings that the work opens. */
async function kindsOf(detect: DetectOptions, ...loops: (typeof readAuthorTwice)[]): Promise<string[]> {
  closed.length = 0
  const work = async (): Promise<void> => {
    for (const loop of loops) await loop(db)
  }
  await runInScope('job', work, { detect })
  return closed.map(({ kind }) => kind)
}

/** Writes a baseline to a new path, because a process reads a file only once. */
function baselineOf(findings: Iterable<Finding>): { readonly path: string; readonly entries: Allowance[] } {
  const path = join(folder, `${++files}.json`)
  writeBaseline(path, findings)
  return { path, entries: JSON.parse(readFileSync(path, 'utf8')) as Allowance[] }
}

describe('writeBaseline', () => {
  it('writes a file that accepts the same findings and no new ones', async () => {
    await kindsOf({}, readAuthorTwice)
    const { path } = baselineOf(closed)
    await expect(kindsOf({ allow: [path] }, readAuthorTwice)).resolves.toEqual([])
    await expect(kindsOf({ allow: [path] }, readAuthorTwice, insertComments)).resolves.toEqual([
      'n_plus_one_write',
    ])
  })

  it('writes each finding once, sorted, without line numbers', async () => {
    await kindsOf({}, readAuthorTwice, insertComments)
    const { path, entries } = baselineOf([...closed, ...closed.toReversed()])
    expect(readFileSync(path, 'utf8')).toMatch(/\]\n$/)
    expect(entries).toEqual([
      {
        kinds: ['duplicate_query'],
        fingerprint: expect.stringMatching(/^q1:/),
        callSite: 'packages/kysely-plugin/test/findings/loops.ts#readAuthorTwice',
        reason: 'baseline: select authors',
      },
      expect.objectContaining({
        kinds: ['n_plus_one_write'],
        callSite: expect.stringMatching(/#insertComments$/),
      }),
    ])
    expect(baselineOf(closed.toReversed()).entries).toEqual(entries)
  })

  it('writes separate entries for statements, functions and kinds', async () => {
    await kindsOf({}, readAuthorTwice)
    const [entry] = baselineOf(closed).entries
    const changes: Partial<Allowance>[] = [
      { callSite: 'loops.ts#other' },
      { callSite: 'other.ts' },
      { kinds: ['n_plus_one'] },
      { fingerprint: 'q1:0123456789abcdef' },
    ]
    for (const change of changes) {
      await expect(kindsOf({ allow: [{ ...entry!, ...change }] }, readAuthorTwice)).resolves.toEqual([
        'duplicate_query',
      ])
    }
    const reworded = { ...entry!, reason: 'in other words' }
    await expect(kindsOf({ allow: [reworded] }, readAuthorTwice)).resolves.toEqual([])
  })

  it('names the scope of a finding without a statement', async () => {
    const chatty: DetectOptions = { chattyScope: { atLeast: 2 }, duplicateQuery: false }
    await kindsOf(chatty, readAuthorTwice)
    const { path, entries } = baselineOf(closed)
    expect(entries).toEqual([{ kinds: ['chatty_scope'], scope: 'job', reason: 'baseline: job' }])
    await expect(kindsOf({ ...chatty, allow: [path] }, readAuthorTwice)).resolves.toEqual([])
    await runInScope('other job', () => readAuthorTwice(db), { detect: { ...chatty, allow: [path] } })
    expect(closed.map(({ kind }) => kind)).toEqual(['chatty_scope'])
  })

  it.each([
    ['/srv/app/src/posts.ts', 'srv/app/src/posts.ts#list'],
    ['../shared/posts.ts', 'shared/posts.ts#list'],
    ['node_modules/app/posts.ts', undefined],
    ['bin/server', undefined],
  ])('writes the call site of a file %s as %s', async (file, callSite) => {
    await kindsOf({}, readAuthorTwice)
    const site = { file, line: 1, column: 1, function: 'list' }
    const { path, entries } = baselineOf([{ ...closed[0]!, callSite: site }])
    expect(entries[0]?.callSite).toBe(callSite)
    // Each entry has to be a valid allowance.
    expect(() => querylens({ dialect: createStubDialect() }, { detect: { allow: [path] } })).not.toThrow()
  })

  it('keeps the statements of an accepted loop out of other findings', async () => {
    const loop = async (): Promise<void> => {
      for (const id of [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) {
        await db.selectFrom('posts').selectAll().where('author_id', '=', id).execute()
      }
    }
    await kindsOf({}, loop)
    const { path, entries } = baselineOf(closed)
    expect(entries).toHaveLength(1)
    await expect(kindsOf({ allow: [path], chattyScope: { atLeast: 9 } }, loop)).resolves.toEqual([])
  })

  it('keeps the mode throw from rejecting accepted findings', async () => {
    await kindsOf({}, readAuthorTwice)
    const { path } = baselineOf(closed)
    await expect(kindsOf({ mode: 'throw', allow: [path] }, readAuthorTwice)).resolves.toEqual([])
  })

  it('rejects findings that are no collection', () => {
    expect(() => writeBaseline(join(folder, 'none.json'), undefined as never)).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_ARGUMENT',
        message: expect.stringContaining('takes a collection of findings'),
      }) as Error,
    )
  })
})

describe('allow with a file', () => {
  it.each<[string, string | undefined, RegExp]>([
    [
      'missing',
      undefined,
      /^allow\[0\] of querylens\(\) names the file .*missing\.json, which cannot be read/,
    ],
    ['no-json', '{', /which cannot be read as JSON\. writeBaseline\(path, findings\) writes one\.$/],
    ['object', '{ "findings": [] }', /has to hold a list of allowances, but holds an object/],
    ['null', 'null', /has to hold a list of allowances, but holds null\.$/],
    ['no-reason', '[{ "scope": "job" }]', /no-reason\.json\[0\] needs a reason\.$/],
    ['unknown', '[{ "reason": "r", "line": 4 }]', /unknown\.json\[0\] has no option 'line'/],
  ])('throws at set-up for %s.json', (name, text, message) => {
    const path = join(folder, `${name}.json`)
    if (text !== undefined) writeFileSync(path, text)
    expect(() => querylens({ dialect: createStubDialect() }, { detect: { allow: [path] } })).toThrow(message)
  })
})
