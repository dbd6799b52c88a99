import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { analyzeQuery, type QueryShape } from '../../src/sql/shape/query-shape.js'
import { ownFiles, postgresFiles, scanTokens, statementsOf } from './support/corpus.ts'
import { formsToMutate } from './support/statement-forms.ts'
import { MARKER, stringLiterals, withOtherLiterals, withPlantedLiteral } from './support/literals.ts'

const RUNS = 2_000
const statements = statementsOf([...ownFiles, ...postgresFiles])
const anyStatement = fc.constantFrom(...statements)

/** Statements without `ORDER BY 2`, in which the number is no constant. */
const withoutPositions = statements.filter((sql) => !/\b(?:order|group)\s+by\b[^)]*\b\d/i.test(sql))

const read = (sql: string): QueryShape =>
  analyzeQuery(sql, { dialect: 'postgresql', backslashEscapes: false, maxTextLength: 1e9 })

describe('analyzeQuery', () => {
  it('gives a statement the same shape with other literals', () => {
    const pairs = fc
      .constantFrom(...withoutPositions)
      .chain((sql) => withOtherLiterals(sql).map((other) => [sql, other] as const))
    fc.assert(
      fc.property(pairs, ([sql, other]) => {
        expect(read(other)).toEqual(read(sql))
      }),
      { numRuns: RUNS },
    )
  })

  it('gives a statement the same fingerprint with parameters for its strings', () => {
    fc.assert(
      fc.property(anyStatement, (sql) => {
        const parameterised = replaceStrings(sql)
        expect(read(parameterised).fingerprint).toBe(read(sql).fingerprint)
      }),
      { numRuns: RUNS },
    )
  })

  it('keeps the text of parameterised statements without literals and comments as it is', () => {
    const plain = [...statements, ...formsToMutate].filter((sql) => {
      return /\$\d|\?|@p?\d/.test(sql) && !/['\\;#]|--|\/\*|(?<![$@?\w])\d|\b(?:null|true|false)\b/i.test(sql)
    })
    expect(plain.length).toBeGreaterThan(100)
    for (const sql of plain) {
      const dialect = /\$\d/.test(sql) ? 'postgresql' : sql.includes('@') ? 'microsoft.sql_server' : 'sqlite'
      expect(analyzeQuery(sql, { dialect })).toMatchObject({ text: sql.trim(), truncated: false })
    }
  })

  it('shows no planted literal, wherever it stands and however it is quoted', () => {
    fc.assert(
      fc.property(anyStatement.chain(withPlantedLiteral), (sql) => {
        expect(JSON.stringify(read(sql))).not.toContain(MARKER)
        expect(JSON.stringify(analyzeQuery(sql, { dialect: 'postgresql' }))).not.toContain(MARKER)
        expect(JSON.stringify(analyzeQuery(sql))).not.toContain(MARKER)
      }),
      { numRuns: RUNS },
    )
  })

  it('shows no comment', () => {
    const commented = anyStatement.chain((sql) => {
      const offsets = [...scanTokens(sql).map(({ start }) => start), sql.length]
      const comments = fc.constantFrom(`/* ${MARKER} */`, `/**${MARKER}*/`, ` -- ${MARKER}\n`)
      return fc
        .tuple(fc.constantFrom(...offsets), comments)
        .map(([offset, comment]) => `${sql.slice(0, offset)}${comment}${sql.slice(offset)}`)
    })
    fc.assert(
      fc.property(commented, (sql) => {
        expect(JSON.stringify(read(sql))).not.toContain(MARKER)
        expect(JSON.stringify(analyzeQuery(sql))).not.toContain(MARKER)
      }),
      { numRuns: RUNS },
    )
  })

  it.each(['mysql', 'mariadb', 'sqlite', 'microsoft.sql_server', 'other_sql'])(
    'shows no literal of the SQL standard in %s',
    (dialect) => {
      const literal = stringLiterals(MARKER).filter((text) => text.startsWith("'") && !text.includes('\\'))
      fc.assert(
        fc.property(literal, fc.constantFrom('=', ',', 'like', '||'), (text, operator) => {
          const sql = `select a from t where b ${operator} ${text} and c = 1`
          expect(JSON.stringify(analyzeQuery(sql, { dialect }))).not.toContain(MARKER)
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('gives a statement the same fingerprint with other white space, comments and letter case', () => {
    const noise = fc.constantFrom(' ', '\n', '\t ', ' /* c */ ', ' /* a /* b */ c */ ', ' -- x\n')
    const pairs = anyStatement.chain((sql) => {
      const tokens = scanTokens(sql).filter(({ name }) => !name.endsWith('COMMENT'))
      return fc
        .tuple(fc.array(noise, { minLength: tokens.length, maxLength: tokens.length }), fc.boolean())
        .map(([noises, upper]) => {
          const words = tokens.map(({ start, end }) => sql.slice(start, end))
          const shouted = words.map((word) =>
            upper && /^[a-z_][\w$]*$/i.test(word) ? word.toUpperCase() : word,
          )
          return [sql, shouted.map((word, index) => noises[index] + word).join('')] as const
        })
    })
    fc.assert(
      fc.property(pairs, ([sql, noisy]) => {
        expect(read(noisy).fingerprint).toBe(read(sql).fingerprint)
      }),
      { numRuns: RUNS },
    )
  })

  it('reads a text independently of the texts before', () => {
    const texts = fc.oneof(
      anyStatement,
      fc.string(),
      anyStatement.map((sql) => sql.slice(0, sql.length / 2)),
    )
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 6 }), (sequence) => {
        const forwards = sequence.map(read)
        expect(sequence.toReversed().map(read).toReversed()).toEqual(forwards)
      }),
      { numRuns: RUNS },
    )
  })

  it('gives different statements different fingerprints', () => {
    const fingerprints = new Map<string, string>()
    for (const sql of statements) {
      // The tokens of PostgreSQL's scanner without comments, values and letter case.
      const canonical = scanTokens(sql)
        .filter(({ name }) => !name.endsWith('COMMENT'))
        .map(({ start, end, name }) => (/CONST|PARAM/.test(name) ? '?' : sql.slice(start, end).toLowerCase()))
        .join(' ')
      const { fingerprint } = read(sql)
      const before = fingerprints.get(canonical)
      if (before !== undefined) expect(fingerprint, sql).toBe(before)
      fingerprints.set(canonical, fingerprint)
    }
    expect(new Set(fingerprints.values()).size / fingerprints.size).toBeGreaterThan(0.97)
  })

  it('gives a million statements a million fingerprints', () => {
    const seen = new Set<string>()
    for (let count = 0; count < 1_000_000; count++) {
      seen.add(analyzeQuery(`select c${count % 1_000} from t${Math.floor(count / 1_000)}`).fingerprint)
    }
    expect(seen.size).toBe(1_000_000)
  })
})

/** Replaces strings by parameters where one can stand, which excludes commands such as `COMMENT … IS '…'`. */
function replaceStrings(sql: string): string {
  let result = ''
  let from = 0
  const tokens = scanTokens(sql)
  tokens.forEach(({ start, end, name }, index) => {
    const previous = tokens[index - 1]
    const before = previous === undefined ? '' : sql.slice(previous.start, previous.end)
    if (name !== 'SCONST' || !/^(?:[=,(<>]|\|\|)$/.test(before)) return
    result += `${sql.slice(from, start)}$1 `
    from = end
  })
  return result + sql.slice(from)
}
