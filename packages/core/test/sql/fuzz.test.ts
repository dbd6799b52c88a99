import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { lexicalRulesOf } from '../../src/sql/dialect.js'
import { analyzeQuery, type QueryShape } from '../../src/sql/query-shape.js'
import { TokenKind } from '../../src/sql/token-kind.js'
import { Tokenizer } from '../../src/sql/tokenizer.js'
import { ownFiles, postgresFiles, statementsOf } from './support/corpus.ts'

/** `QUERYLENS_FUZZ_SECONDS=3600` for a long one; on a developer's machine a short one. */
const SECONDS = Number(process.env['QUERYLENS_FUZZ_SECONDS'] ?? (process.env['CI'] === undefined ? 5 : 60))

/** Texts that were wrong once; a failure prints the text that belongs here. */
const seeds = JSON.parse(
  readFileSync(new URL('fixtures/fuzz-seeds.json', import.meta.url), 'utf8'),
) as readonly string[]

const DIALECTS = ['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other_sql']
const statements = statementsOf([...ownFiles, ...postgresFiles]).filter((sql) => sql.length < 5_000)

const PIECES = [
  "'",
  '"',
  '`',
  '[',
  ']',
  '(',
  ')',
  '$$',
  '$a$',
  '$1',
  '?',
  ':a',
  '@b',
  '--',
  '/*',
  '*/',
  '#',
  '\\',
  ';',
  ',',
  '.',
  '::',
  '..',
  ':=',
  '+',
  '-',
  '1',
  '0x',
  '1e',
  '1_',
  "E'",
  'U&"',
  "q'[",
  '\n',
  '\u0000',
  '\ud800',
  '\u00a0',
  '£5',
  'é',
  ' in (',
  ' values (',
  ' array[',
  ' cast(',
  ' as ',
  ' with ',
  ' select ',
  ' from ',
  ' update ',
  ' null ',
  ' is ',
  ' interval ',
  ' date ',
  ' default ',
  ' order by ',
  ' union ',
  ' create table ',
  ' begin ',
  ' join ',
  ' using ',
]

type Mutation = (text: string) => string

const at = fc.double({ min: 0, max: 1, noNaN: true })
const place = (text: string, fraction: number): number => Math.floor(fraction * text.length)

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...PIECES)).map<Mutation>(([where, piece]) => (text) => {
    const offset = place(text, where)
    return text.slice(0, offset) + piece + text.slice(offset)
  }),
  fc.tuple(at, fc.nat({ max: 20 })).map<Mutation>(([where, length]) => (text) => {
    const offset = place(text, where)
    return text.slice(0, offset) + text.slice(offset + length)
  }),
  fc.tuple(at, at, at).map<Mutation>(([from, to, where]) => (text) => {
    const piece = text.slice(place(text, Math.min(from, to)), place(text, Math.max(from, to)))
    const offset = place(text, where)
    return text.slice(0, offset) + piece + text.slice(offset)
  }),
  at.map<Mutation>((where) => (text) => text.slice(0, place(text, where))),
)

const mutants = fc
  .tuple(fc.constantFrom(...statements), fc.array(mutations, { minLength: 1, maxLength: 5 }))
  .map(([sql, changes]) => changes.reduce((text, change) => change(text), sql))

describe('analyzeQuery', () => {
  it.each(seeds)('has learnt from %j', check)

  it(
    `holds for ${SECONDS} s of mutants`,
    () => {
      fc.assert(fc.property(mutants, check), {
        numRuns: Number.MAX_SAFE_INTEGER,
        interruptAfterTimeLimit: SECONDS * 1_000,
        markInterruptAsFailure: false,
      })
    },
    SECONDS * 1_000 + 60_000,
  )
})

/** What has to hold for any text whatever. */
function check(sql: string): void {
  for (const dialect of DIALECTS) {
    const shape = analyzeQuery(sql, { dialect })
    expect(shape.fingerprint).toMatch(/^q1:[0-9a-f]{16}$/)
    expect(shape.summary.length).toBeLessThanOrEqual(255)
    expect(shape.text.isWellFormed()).toBe(true)
    expect(literalsIn(shape.text, dialect), `${dialect}: ${JSON.stringify(sql)}`).toEqual([])
    expectToBeSettled(shape, dialect)
  }
}

/** What has been let through holds no literal that a second look would find. */
function literalsIn(text: string, dialect: string): readonly string[] {
  const tokenizer = new Tokenizer()
  const found: string[] = []
  // The mark of a text that is cut is no part of it.
  tokenizer.begin(text.replace(/ ?…$/, 'x'), lexicalRulesOf(dialect))
  for (tokenizer.next(); tokenizer.kind !== TokenKind.End; tokenizer.next()) {
    const { kind, start, end } = tokenizer
    if (kind === TokenKind.StringLiteral || kind === TokenKind.NumberLiteral || kind === TokenKind.Comment) {
      found.push(text.slice(start, end))
    }
  }
  return found
}

/**
 * Reading a whole text a second time changes nothing, unless names were left out because they could be strings,
 * or a placeholder is an operator of PostgreSQL.
 */
function expectToBeSettled({ text, truncated, summary, tables }: QueryShape, dialect: string): void {
  if (truncated || dialect === 'other_sql' || (dialect === 'postgresql' && text.includes('?'))) return
  const again = analyzeQuery(text, { dialect })
  expect({ text: again.text, summary: again.summary, tables: again.tables }).toEqual({
    text,
    summary,
    tables,
  })
}
