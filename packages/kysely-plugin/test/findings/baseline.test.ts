import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

import { runInScope, writeBaseline, type Allowance, type DetectOptions, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { insertComments, readAuthorTwice, readComments, readCommentsOfPosts } from './loops.ts'
import type { Blog } from './scenario.ts'

const LOOPS = 'packages/kysely-plugin/test/findings/loops.ts'

const posts = [{ id: 71 }, { id: 82 }, { id: 93 }]
const db = new Kysely<Blog>(
  querylens({
    dialect: createStubDialect(({ sql }) => ({ rows: sql.includes('from `posts`') ? posts : [] })),
  }),
)
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

/** Writes a baseline to a new path. The files of its entries then begin at the working directory, rather than at its folder. */
function baselineOf(findings: Iterable<Finding>): { readonly path: string; readonly entries: Allowance[] } {
  const path = join(folder, `${++files}.json`)
  writeBaseline(path, findings)
  const entries = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
    key === 'file' ? relative(process.cwd(), resolve(folder, value as string)) : value,
  ) as Allowance[]
  return { path, entries }
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
        callSite: { file: LOOPS, function: 'readAuthorTwice' },
        reason: 'baseline: select authors',
      },
      expect.objectContaining({
        kinds: ['n_plus_one_write'],
        callSite: { file: LOOPS, function: 'insertComments' },
      }),
    ])
    expect(baselineOf(closed.toReversed()).entries).toEqual(entries)
  })

  it('writes separate entries for statements, functions and kinds', async () => {
    await kindsOf({}, readAuthorTwice)
    const [entry] = baselineOf(closed).entries
    const changes: Partial<Allowance>[] = [
      { callSite: { file: LOOPS, function: 'other' } },
      { callSite: { file: LOOPS, function: null } },
      { callSite: { file: 'loops.ts', function: 'readAuthorTwice' } },
      { callSite: null },
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
    expect(entries).toEqual([
      { kinds: ['chatty_scope'], scope: 'job', callSite: null, reason: 'baseline: job' },
    ])
    await expect(kindsOf({ ...chatty, allow: [path] }, readAuthorTwice)).resolves.toEqual([])
    await runInScope('other job', () => readAuthorTwice(db), { detect: { ...chatty, allow: [path] } })
    expect(closed.map(({ kind }) => kind)).toEqual(['chatty_scope'])
  })

  it('reports a new loop that calls the helper of an accepted one', async () => {
    const oldLoop = async (): Promise<void> => {
      for (const id of [1, 2, 3, 4, 5]) await readComments(db, id)
    }
    await kindsOf({}, oldLoop)
    expect(closed[0]?.callSite?.function).toBe('readComments')
    const { path } = baselineOf(closed)
    await expect(kindsOf({ allow: [path] }, oldLoop)).resolves.toEqual([])
    await expect(kindsOf({ allow: [path] }, readCommentsOfPosts)).resolves.toEqual(['n_plus_one'])
    // The same statement, and the helper is the call that reached the database.
    expect(closed[0]).toMatchObject({ evidence: 'proven', callSite: { function: 'readCommentsOfPosts' } })
    expect(closed[0]?.frames[0]?.function).toBe('readComments')
    const wide = { reason: 'a pattern matches the helper too', callSite: 'loops.ts#readComments' }
    await expect(kindsOf({ allow: [wide] }, readCommentsOfPosts)).resolves.toEqual([])
  })

  it('accepts the findings of a function without a name for such functions only', async () => {
    const readAuthor = async (): Promise<unknown> =>
      await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
    const ofNoName = (): (() => Promise<void>) => async () => {
      for (let count = 0; count < 2; count++) {
        await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
      }
    }
    await kindsOf({}, ofNoName())
    const { path, entries } = baselineOf(closed)
    expect(entries[0]?.callSite).toEqual({ file: closed[0]!.callSite!.file, function: null })
    await expect(kindsOf({ allow: [path] }, ofNoName())).resolves.toEqual([])
    const named = async (): Promise<void> => {
      await readAuthor()
      await readAuthor()
    }
    await expect(kindsOf({ allow: [path] }, named)).resolves.toEqual(['duplicate_query'])
  })

  it('accepts a finding without a call site for such findings only', async () => {
    await kindsOf({}, readAuthorTwice)
    const { path, entries } = baselineOf([{ ...closed[0]!, callSite: undefined }])
    expect(entries[0]?.callSite).toBeNull()
    await expect(kindsOf({ allow: [path] }, readAuthorTwice)).resolves.toEqual(['duplicate_query'])
  })

  it.each(['/srv/app/src/posts.ts', '../shared/posts.ts', 'node_modules/app/posts.ts', 'bin/server'])(
    'writes the call site of a file %s, which is a valid allowance',
    async (file) => {
      await kindsOf({}, readAuthorTwice)
      const site = { file, line: 1, column: 1, function: '#list' }
      const { path, entries } = baselineOf([{ ...closed[0]!, callSite: site }])
      expect(entries[0]?.callSite).toEqual({ file: relative(process.cwd(), file), function: '#list' })
      expect(() => querylens({ dialect: createStubDialect() }, { detect: { allow: [path] } })).not.toThrow()
    },
  )

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

  it('accepts the findings of the list that it wrote last', async () => {
    await kindsOf({}, readAuthorTwice)
    const { path } = baselineOf(closed)
    await expect(kindsOf({ allow: [path] }, insertComments)).resolves.toEqual(['n_plus_one_write'])
    writeBaseline(path, closed)
    await expect(kindsOf({ allow: [path] }, insertComments)).resolves.toEqual([])
  })
})
