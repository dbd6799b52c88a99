import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { analyzeQuery, type AnalyzeOptions } from '../../../src/sql/shape/query-shape.js'
import { ownFiles, postgresFiles, type ScannedToken, scanTokens, statementsOf } from '../support/corpus.ts'
import { MARKER, withOtherLiterals } from '../support/literals.ts'
import { fuzz, FUZZ_SECONDS, FUZZ_TIMEOUT, mutantsOf, seeds } from '../support/mutants.ts'
import {
  literalsOfSqlite,
  type MarkedText,
  sqliteStatements,
  withItsMarkers,
  withMarkers,
} from '../support/sqlite.ts'

/** A number that no statement of the corpus holds. */
const NUMBER_MARKER = '8675309'

describe('SafeText, checked by the scanner of PostgreSQL', () => {
  const statements = statementsOf([...ownFiles, ...postgresFiles]).filter((sql) => sql.length < 5_000)
  const originals = fc.constantFrom(...statements)
  const mutants = mutantsOf(fc.oneof(originals, originals.chain(withOtherLiterals)), {
    minChanges: 0,
    maxChanges: 4,
  })

  it.each(seeds)('holds no literal of %j', (sql) => {
    expectNoneScanned(sql)
    expectPlantedHidden(sql)
  })

  it(
    `holds no literal for ${FUZZ_SECONDS.toFixed()} s of mutants`,
    () => {
      let read = 0
      let planted = 0
      let all = 0
      fuzz(mutants, (sql) => {
        all++
        if (expectNoneScanned(sql)) read++
        if (expectPlantedHidden(sql)) planted++
      })
      // With fewer verdicts the test would hardly test anything.
      expect(read / all).toBeGreaterThan(0.7)
      expect(planted / all).toBeGreaterThan(0.2)
    },
    FUZZ_TIMEOUT,
  )
})

describe('SafeText, checked by SQLite', () => {
  it.each(seeds)('holds no literal of %j', (sql) => {
    expectFoundHidden(withItsMarkers(sql))
  })

  it(
    `holds no literal for ${FUZZ_SECONDS.toFixed()} s of mutants`,
    () => {
      let found = 0
      let all = 0
      fuzz(mutantsOf(sqliteStatements, { minChanges: 0, maxChanges: 3 }), (text) => {
        all++
        if (expectFoundHidden(withMarkers(text))) found++
      })
      expect(found / all).toBeGreaterThan(0.15)
    },
    FUZZ_TIMEOUT,
  )

  it('holds no literal and no comment of statements that SQLite understands', () => {
    const runs = 300
    let understood = 0
    fc.assert(
      fc.property(sqliteStatements, (text) => {
        const marked = withMarkers(text)
        if (literalsOfSqlite(marked.sql) === undefined) return
        understood++
        expectHidden(marked, 'sqlite')
      }),
      { numRuns: runs },
    )
    expect(understood / runs).toBeGreaterThan(0.5)
  })
})

/** Expects that no marker is shown that SQLite finds in a literal. @returns whether it finds any */
function expectFoundHidden({ sql, markers }: MarkedText): boolean {
  const literals = literalsOfSqlite(sql)
  if (literals === undefined) return false
  const found = markers.filter(({ value }) => literals.some((literal) => literal.includes(value)))
  expectHidden({ sql, markers: found }, 'sqlite')
  expectHidden({ sql, markers: found }, 'other_sql')
  return found.length > 0
}

function expectHidden({ sql, markers }: MarkedText, dialect: string): void {
  const shown = everythingShown(sql, { dialect }).toLowerCase().replace(/[._]/g, '')
  const left = markers.filter(({ written }) => shown.includes(written))
  expect(left, `${dialect}: ${JSON.stringify(sql)}`).toEqual([])
}

/** The shape of a statement without its fingerprint, as JSON. */
function everythingShown(sql: string, options: AnalyzeOptions): string {
  const { fingerprint: _, ...shown } = analyzeQuery(sql, options)
  return JSON.stringify(shown)
}

/** Expects that the scanner finds no literal in the text. @returns whether the scanner can read the text */
function expectNoneScanned(sql: string): boolean {
  let isRead = true
  for (const backslashEscapes of [undefined, false, true]) {
    const { text } = analyzeQuery(sql, { dialect: 'postgresql', backslashEscapes })
    // PostgreSQL reads the placeholder as an operator. The mark at the end of a cut text is removed.
    const tokens = scan(text.replace(/ ?…$/, ''))
    isRead &&= tokens !== undefined
    expect(tokens?.filter(isHidden) ?? [], JSON.stringify(sql)).toEqual([])
  }
  return isRead
}

/** Expects that no planted marker is shown. @returns whether one was planted that the scanner finds only in literals and comments */
function expectPlantedHidden(sql: string): boolean {
  const planted = withPlanted(sql)
  if (planted === undefined) return false
  for (const options of [
    { dialect: 'postgresql' },
    { dialect: 'postgresql', backslashEscapes: false },
    { dialect: 'other_sql' },
  ]) {
    const shown = everythingShown(planted, options)
    expect(shown, JSON.stringify({ ...options, sql: planted })).not.toContain(MARKER)
    // `:1` and `$1` are parameters in one system, and a number with a sign before it in another.
    if (options.dialect === 'postgresql') expect(shown, JSON.stringify(planted)).not.toContain(NUMBER_MARKER)
  }
  return true
}

/**
 * Plants a marker in each literal and comment that PostgreSQL finds in a statement.
 *
 * The markers stand between spaces, because the text ends where a word touches a string.
 */
function withPlanted(sql: string): string | undefined {
  const places = scan(sql)?.filter(isHidden)
  if (places === undefined || places.length === 0) return undefined
  let planted = ''
  let from = 0
  for (const { text, end } of places) {
    const closing = /\$[^$]*\$$|'$|\*\/$|$/.exec(text)!
    const at = end - closing[0].length
    planted += sql.slice(from, at) + (/^[\d.]/.test(text) ? NUMBER_MARKER : ` ${MARKER} `)
    from = at
  }
  planted += sql.slice(from)
  const rest = withoutHidden(planted)
  return rest === undefined || rest.includes(MARKER) || rest.includes(NUMBER_MARKER) ? undefined : planted
}

function withoutHidden(sql: string): string | undefined {
  let rest = ''
  let from = 0
  const tokens = scan(sql)
  if (tokens === undefined) return undefined
  for (const { start, end } of tokens.filter(isHidden)) {
    rest += sql.slice(from, start)
    from = end
  }
  return rest + sql.slice(from)
}

interface Scanned extends ScannedToken {
  readonly text: string
}

/** The tokens that PostgreSQL finds, or `undefined` for a text that it cannot read. */
function scan(sql: string): readonly Scanned[] | undefined {
  try {
    return scanTokens(sql).map((token) => ({ ...token, text: sql.slice(token.start, token.end) }))
  } catch {
    return undefined
  }
}

/** Whether the token is a literal or a comment. The scanner does not name bit strings and `U&'…'` as such. */
function isHidden({ name, text }: Scanned): boolean {
  return /^(?:[SIFBX]CONST|USCONST|SQL_COMMENT|C_COMMENT)$/.test(name) || /^(?:[bxn]|u&)?'/i.test(text)
}
