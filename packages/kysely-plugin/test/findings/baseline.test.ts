import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  createBaseline,
  runInScope,
  writeBaseline,
  type Baseline,
  type FindingOptions,
} from '@querylens/core'
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
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'querylens-baseline-'))))
afterAll(() => rmSync(folder, { recursive: true }))

async function findings(options: FindingOptions, ...loops: (typeof readAuthorTwice)[]): Promise<string[]> {
  closed.length = 0
  const work = async (): Promise<void> => {
    for (const loop of loops) await loop(db)
  }
  await runInScope('job', work, { findings: options })
  return closed.map(({ kind }) => kind)
}

describe('a baseline', () => {
  it('keeps quiet what was there, and reports what is new', async () => {
    const path = join(folder, 'round-trip.json')
    await findings({}, readAuthorTwice)
    writeBaseline(path, closed)
    await expect(findings({ baseline: path }, readAuthorTwice)).resolves.toEqual([])
    await expect(findings({ baseline: path }, readAuthorTwice, insertComments)).resolves.toEqual([
      'n_plus_one_write',
    ])
  })

  it('is written once for each finding, in one order, without lines', async () => {
    const path = join(folder, 'written.json')
    await findings({}, readAuthorTwice, insertComments)
    writeBaseline(path, [...closed, ...closed.toReversed()])
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/\}\n$/)
    expect(JSON.parse(text)).toEqual(createBaseline(closed))
    expect(JSON.parse(text)).toEqual({
      version: 1,
      findings: [
        {
          kind: 'duplicate_query',
          fingerprint: expect.stringMatching(/^q1:/),
          file: 'packages/kysely-plugin/test/findings/loops.ts',
          function: 'readAuthorTwice',
          scope: null,
          summary: 'select authors',
        },
        expect.objectContaining({ kind: 'n_plus_one_write', function: 'insertComments' }),
      ],
    })
  })

  it('reports a finding of the same statement in another function', async () => {
    await findings({}, readAuthorTwice)
    const baseline = createBaseline(closed)
    const [entry] = baseline.findings
    for (const change of [{ function: 'other' }, { file: 'other.ts' }, { kind: 'n_plus_one' }]) {
      const changed: Baseline = { version: 1, findings: [{ ...entry!, ...change }] }
      await expect(findings({ baseline: changed }, readAuthorTwice)).resolves.toEqual(['duplicate_query'])
    }
    const moved: Baseline = { version: 1, findings: [{ ...entry!, summary: 'in other words' }] }
    await expect(findings({ baseline: moved }, readAuthorTwice)).resolves.toEqual([])
  })

  it('knows what is no statement’s fault by the scope', async () => {
    const chatty: FindingOptions = { chattyScope: { threshold: 1 }, duplicateQuery: false }
    await findings(chatty, readAuthorTwice)
    const baseline = createBaseline(closed)
    expect(baseline.findings).toMatchObject([
      { kind: 'chatty_scope', scope: 'job', fingerprint: null, file: null },
    ])
    await expect(findings({ ...chatty, baseline }, readAuthorTwice)).resolves.toEqual([])
    await runInScope('other job', () => readAuthorTwice(db), { findings: { ...chatty, baseline } })
    expect(closed.map(({ kind }) => kind)).toEqual(['chatty_scope'])
  })

  it('keeps quiet what the statements of a loop in it would be otherwise', async () => {
    const loop = async (): Promise<void> => {
      for (const id of [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) {
        await db.selectFrom('posts').selectAll().where('author_id', '=', id).execute()
      }
    }
    await findings({}, loop)
    const baseline = createBaseline(closed)
    expect(baseline.findings).toHaveLength(1)
    await expect(findings({ baseline, chattyScope: { threshold: 8 } }, loop)).resolves.toEqual([])
  })

  it('in the mode throw, lets pass what is in it', async () => {
    await findings({}, readAuthorTwice)
    const baseline = createBaseline(closed)
    await expect(findings({ mode: 'throw', baseline }, readAuthorTwice)).resolves.toEqual([])
  })

  it.each<[string, string | undefined]>([
    ['that is missing', undefined],
    ['that is no JSON', '{'],
    ['of another version', '{ "version": 2, "findings": [] }'],
    ['without findings', '{ "version": 1 }'],
    ['with findings of another kind', '{ "version": 1, "findings": [{ "kind": "n_plus_one" }] }'],
    ['with nothing', 'null'],
  ])('in a file %s is an error at set-up', (name, text) => {
    const path = join(folder, `${name}.json`)
    if (text !== undefined) writeFileSync(path, text)
    expect(() => querylens({ dialect: createStubDialect() }, { findings: { baseline: path } })).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_BASELINE',
        message: expect.stringContaining(`The baseline ${path}`),
      }) as Error,
    )
  })
})
