import { backslashEscapesOf, type QueryShape } from '../shape/query-shape.js'
import { lexicalRulesOf } from '../tokens/dialect.js'
import { ignoreComments, TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

/** UTF-16 units. Only the literals in the first part of a longer text are read, because that takes time in proportion. */
const MAX_LENGTH = 20_000
/** UTF-16 units. A part of a shorter text may keep the whole text in memory. */
const LONG = 1_000
/** UTF-16 units. Only shorter values are kept as they are; of others Querylens keeps hashes. */
const MAX_VALUE = 64
const NUMBER = /^-?\d+(?:\.\d+)?$/
/** A string without escapes other than a doubled quote. */
const STRING = /^n?(?:'((?:[^'\\]|'')*)'|"((?:[^"\\]|"")*)")$/i
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

const reader = new TokenReader()

/** The literals of one text. They are values of the application, which must not leave the process. */
export interface Literals {
  /**
   * Their hash. Equal literals have equal keys, whatever comments are between them. `undefined` for a text that is too
   * long or cannot be read with certainty.
   */
  readonly key: number | undefined
  /** Number of literals; a lower bound for a text that was not read to its end. */
  readonly count: number
  /** The first ones, as parameters would hold them; an object for a literal whose value depends on the system. */
  readonly values: readonly unknown[]
}

/** The literals of a text that has none. */
export const NO_LITERALS: Literals = { key: 0, count: 0, values: [] }

/** By shape, as the traits of a statement: a shape identifies its text. */
const known = new WeakMap<QueryShape, Literals>()

/**
 * Reads the literals of a statement. Remembers those of a text of usual length by its shape, because a statement with
 * constants in its text repeats with the same ones.
 *
 * @param sql the text of the shape
 * @param limit number of values to keep; the same in all calls
 */
export function literalsOf(shape: QueryShape, sql: string, limit: number): Literals {
  let literals = known.get(shape)
  if (literals !== undefined) return literals
  literals = readLiterals(sql, shape.dialect, limit, backslashEscapesOf(shape))
  if (sql.length <= MAX_LENGTH) known.set(shape, literals)
  return literals
}

/**
 * Reads the literals of a statement without remembering them.
 *
 * @param system `db.system.name`
 * @param limit number of values to keep
 * @param backslashEscapes whether a backslash escapes a quote; by default the usual setting of the system holds
 */
export function readLiterals(
  sql: string,
  system: string,
  limit: number,
  backslashEscapes?: boolean,
): Literals {
  const values: unknown[] = []
  let count = 0
  let a = 0x2f0b4c47
  let b = 0x5bd1e995
  reader.begin(sql, lexicalRulesOf(system, backslashEscapes))
  for (reader.read(ignoreComments); reader.kind !== TokenKind.End; reader.read(ignoreComments)) {
    if (reader.kind === TokenKind.Unreadable || reader.start > MAX_LENGTH) break
    if (!reader.isLiteral) continue
    if (count++ < limit) values.push(valueOf(sql.slice(reader.start, reader.end)))
    // A text with a longer literal gets no key.
    const end = Math.min(reader.end, MAX_LENGTH)
    for (let position = reader.start; position < end; position++) {
      const code = sql.charCodeAt(position)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x5bd1e995)
      b ^= b >>> 13
    }
    // Ends the literal, so that `1, 23` differs from `12, 3`.
    a = Math.imul(a ^ 0x1ff, 0x01000193)
  }
  const isClear = reader.kind === TokenKind.End && !reader.isDoubtful && sql.length <= MAX_LENGTH
  reader.release()
  // A part of a string keeps the whole string in memory. A clone has its own strings.
  const own =
    sql.length < LONG ? values : values.map((value) => (isShort(value) ? structuredClone(value) : value))
  return { key: isClear ? (a >>> 0) * 0x20_0000 + (b >>> 11) : undefined, count, values: own }
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_VALUE
}

function valueOf(literal: string): unknown {
  if (NUMBER.test(literal)) return literal
  const word = WORDS.get(literal.toLowerCase())
  if (word !== undefined) return word
  const [, single, double] = STRING.exec(literal) ?? []
  return single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? { literal }
}
