import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { lexicalRulesOf } from '../../src/sql/tokens/dialect.js'
import { analyzeQuery, type QueryShape } from '../../src/sql/shape/query-shape.js'
import { TokenKind } from '../../src/sql/tokens/token-kind.js'
import { Tokenizer } from '../../src/sql/tokens/tokenizer.js'
import { ownFiles, postgresFiles, statementsOf } from './support/corpus.ts'
import { formsToMutate } from './support/statement-forms.ts'
import { fuzz, FUZZ_SECONDS, FUZZ_TIMEOUT, mutantsOf, seeds } from './support/mutants.ts'

const DIALECTS = ['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other_sql']
const statements = statementsOf([...ownFiles, ...postgresFiles]).filter((sql) => sql.length < 5_000)
const originals = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...statements) },
  { weight: 1, arbitrary: fc.constantFrom(...formsToMutate) },
)
const mutants = mutantsOf(originals, { minChanges: 1, maxChanges: 5 })

describe('analyzeQuery', () => {
  it.each(seeds)('reads %j without showing a literal', check)

  it(
    `shows no literal in ${FUZZ_SECONDS.toFixed()} s of mutants`,
    () => {
      fuzz(mutants, check)
    },
    FUZZ_TIMEOUT,
  )
})

/** Expects of the shape of a text what holds for any text. */
function check(sql: string): void {
  for (const dialect of DIALECTS) {
    const shape = analyzeQuery(sql, { dialect })
    expect(shape.fingerprint).toMatch(/^q1:[0-9a-f]{16}$/)
    expect(shape.summary.length).toBeLessThanOrEqual(255)
    expect(shape.text.isWellFormed()).toBe(true)
    if (dialect === 'other_sql') expect(shape).toMatchObject({ text: '', truncated: true })
    expect(literalsIn(shape.text, dialect), `${dialect}: ${JSON.stringify(sql)}`).toEqual([])
    expectToBeSettled(shape, dialect)
  }
}

/** The literals and comments that the tokenizer finds in an exported text. */
function literalsIn(text: string, dialect: string): readonly string[] {
  const tokenizer = new Tokenizer()
  const found: string[] = []
  // A word replaces the mark of a text that is cut.
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
 * Expects that reading an exported text again changes nothing.
 *
 * Two kinds of texts are left out: those that were cut, and those of PostgreSQL with a placeholder, which is an
 * operator there.
 */
function expectToBeSettled({ text, truncated, summary, tables }: QueryShape, dialect: string): void {
  if (truncated || (dialect === 'postgresql' && text.includes('?'))) return
  const again = analyzeQuery(text, { dialect })
  expect({ text: again.text, summary: again.summary, tables: again.tables }).toEqual({
    text,
    summary,
    tables,
  })
}
