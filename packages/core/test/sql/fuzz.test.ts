import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { lexicalRulesOf } from '../../src/sql/tokens/dialect.js'
import { analyzeQuery, type QueryShape } from '../../src/sql/shape/query-shape.js'
import { TokenKind } from '../../src/sql/tokens/token-kind.js'
import { Tokenizer } from '../../src/sql/tokens/tokenizer.js'
import { ownFiles, postgresFiles, statementsOf } from './support/corpus.ts'
import { fuzz, FUZZ_SECONDS, FUZZ_TIMEOUT, mutantsOf, seeds } from './support/mutants.ts'

const DIALECTS = ['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other_sql']
const statements = statementsOf([...ownFiles, ...postgresFiles]).filter((sql) => sql.length < 5_000)
const mutants = mutantsOf(fc.constantFrom(...statements), { minChanges: 1, maxChanges: 5 })

describe('analyzeQuery', () => {
  it.each(seeds)('has learnt from %j', check)

  it(
    `holds for ${FUZZ_SECONDS.toFixed()} s of mutants`,
    () => {
      fuzz(mutants, check)
    },
    FUZZ_TIMEOUT,
  )
})

/** What has to hold for any text whatever. */
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
  if (truncated || (dialect === 'postgresql' && text.includes('?'))) return
  const again = analyzeQuery(text, { dialect })
  expect({ text: again.text, summary: again.summary, tables: again.tables }).toEqual({
    text,
    summary,
    tables,
  })
}
