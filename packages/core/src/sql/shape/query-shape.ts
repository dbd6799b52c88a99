import { lexicalRulesOf, type LexicalRules, type SqlDialect } from '../tokens/dialect.js'
import { Fingerprint } from './fingerprint.js'
import { lanesOf, WordFact } from '../tokens/keywords.js'
import { displayName } from './name.js'
import { OperationTargets } from './operation-targets.js'
import { createTextMark, SafeText } from './safe-text.js'
import type { StatementKind } from './statement-kind.js'
import { Summary } from './summary.js'
import { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const {
  CloseParenthesis,
  Dot,
  End,
  Parameter,
  QuotedIdentifier,
  Semicolon,
  StringLiteral,
  Unreadable,
  Word,
} = TokenKind

/** What stays the same when the values of a query change. */
export interface QueryShape {
  /** `q1:` and 16 hexadecimal digits: equal for queries that differ in their values alone. */
  readonly fingerprint: string
  /**
   * The statement as it may leave the process: with `?` for each literal, without comments, and without the
   * repetitions of lists of literals. Parameters stay as they are.
   */
  readonly text: string
  /**
   * Whether `text` ends before the statement does: at a length limit, or where the statement cannot be read
   * with certainty. It then ends in `…`.
   */
  readonly truncated: boolean
  /**
   * A name of low cardinality: operations and their targets in the order of the statement, such as
   * `select orders customers` or `INSERT shipping_details SELECT orders`. Empty for an empty statement.
   */
  readonly summary: string
  /** The operation, such as `select` or `CREATE TABLE`, as it was written; `undefined` where there are several, or none. */
  readonly operation: string | undefined
  readonly kind: StatementKind
  /** The tables and views in it, without CTEs, each once, schema-qualified if they are so in the statement. */
  readonly tables: readonly string[]
  /** Those of them that it writes to, or whose definition it changes. */
  readonly writtenTables: readonly string[]
  /** Whether PostgreSQL's EXPLAIN gives a plan for it. */
  readonly explainable: boolean
}

/** How a statement is to be read. All optional. */
export interface AnalyzeOptions {
  /**
   * The system whose rules hold, by its `db.system.name`.
   *
   * @default `other_sql`: nothing is taken for granted, and where two systems would read a text differently,
   *   the rest of it is left out of `text`
   */
  readonly dialect?: SqlDialect | (string & {}) | undefined
  /**
   * Whether a backslash escapes a quote in plain strings: in PostgreSQL with `standard_conforming_strings` off,
   * in MySQL unless `NO_BACKSLASH_ESCAPES` is on. Unless it is said, the text ends at the first string in which
   * it would matter.
   *
   * @default unknown; `false` for SQLite and SQL Server
   */
  readonly backslashEscapes?: boolean | undefined
  /**
   * Whether tables whose names differ in digits alone, such as `events_2026_11` and `events_2026_12`, are one.
   *
   * @default false
   */
  readonly mergePartitions?: boolean | undefined
  /**
   * UTF-16 units of the statement that are read at most; reading takes time in proportion.
   *
   * @default 1,000,000
   */
  readonly maxLength?: number | undefined
  /**
   * UTF-16 units of `text` at most. It is cut between two tokens.
   *
   * @default 8,192
   */
  readonly maxTextLength?: number | undefined
}

/** @default of {@link AnalyzeOptions.maxLength} */
const MAX_LENGTH = 1_000_000
/** @default of {@link AnalyzeOptions.maxTextLength} */
const MAX_TEXT_LENGTH = 8_192

// One of each for the whole process: a statement is read in one go, and nothing of it stays behind.
const reader = new TokenReader()
const targets = new OperationTargets()
const fingerprint = new Fingerprint(targets)
const summary = new Summary(targets)
const safeText = new SafeText()

/**
 * Reads a statement once, from its first token to its last, and says what it is.
 *
 * Never throws and reads any text whatever, in time linear in its length. What it cannot read with certainty,
 * such as an unterminated string, is left out of `text` to the end.
 *
 * @example
 * analyzeQuery("select * from orders where id = 4711", { dialect: 'postgresql' }).text
 * // select * from orders where id = ?
 */
export function analyzeQuery(sql: string, options?: AnalyzeOptions): QueryShape {
  const maxLength = options?.maxLength ?? MAX_LENGTH
  const maxTextLength = options?.maxTextLength ?? MAX_TEXT_LENGTH
  const partitions =
    options?.mergePartitions === true
      ? partsOf(analyzeQuery(sql, { ...options, mergePartitions: false }).tables)
      : undefined
  const rules = lexicalRulesOf(options?.dialect ?? 'other_sql', options?.backslashEscapes)
  let input = typeof sql === 'string' ? sql : ''
  const isCut = input.length > maxLength
  if (isCut) input = input.slice(0, maxLength)
  // Halves of surrogate pairs have no place in UTF-8, in which telemetry travels.
  if (!input.isWellFormed()) input = input.toWellFormed()
  reader.begin(input, rules)
  fingerprint.begin(input, rules.postgresStrings)
  summary.begin(input, rules)
  safeText.begin(input, maxTextLength)
  let hasString = false
  let isDataOfCopy = false
  let isWhole = !isCut
  for (;;) {
    reader.read(safeText)
    const { kind } = reader
    // In double quotes, and no certain name: it may be a string.
    const isString = kind === StringLiteral || reader.isDoubtfulName
    if (isString && !hasString) {
      hasString = true
      rememberBeforeStrings()
    }
    const isBroken = kind === Unreadable || (isString && reader.touchesWord)
    isWhole &&= !isBroken
    if (isBroken || isDataOfCopy || (isCut && reader.end === input.length)) {
      // A quote too many or too few turns strings inside out: then nothing from the first one on is certain.
      if (isBroken && hasString) goBackBeforeStrings()
      fingerprint.addRest()
      // What stands in front of a dot is no table.
      if (kind === Dot) summary.add(reader)
      // Of a text that is cut, the last token may be half of one.
      safeText.close(reader.start)
      reader.skipToEnd()
    }
    // With the other reading of its backslashes all that follows may be a string.
    if (reader.isDoubtful) safeText.seal(reader.start)
    else summary.add(reader)
    if (reader.kind === End) break
    isDataOfCopy = reader.kind === Semicolon && summary.statementKind === 'copy'
    if (mayBeLiteral()) reader.takeAsLiteral()
    const isBlanked = reader.isLiteral
    safeText.fit(reader.start, isBlanked ? reader.start + 1 : reader.end)
    if (isBlanked) safeText.blank(reader.start, reader.end)
    const name = partitions === undefined ? undefined : nameAt(input, rules)
    if (name !== undefined && partitions!.has(name.toLowerCase())) {
      ;[reader.hashA, reader.hashB] = lanesOf(name.replace(/\d+/g, '0'))
    }
    fingerprint.add(reader, safeText)
    if (reader.kind === Parameter || reader.kind === CloseParenthesis) {
      fingerprint.skipRepetitions(reader)
      safeText.fit(reader.start, reader.end)
    }
  }
  isWhole &&= !reader.isDoubtful
  const shape: QueryShape = {
    fingerprint: fingerprint.finish(),
    truncated: rules.isUnknown || safeText.isTruncated,
    text: rules.isUnknown ? '' : ownCopy(safeText.finish(reader.start), input),
    summary: ownCopy(summary.text, input),
    operation: summary.operation === undefined ? undefined : ownCopy(summary.operation, input),
    kind: summary.kind,
    tables: summary.tables.map((name) => ownCopy(name, input)),
    writtenTables: summary.writtenTables.map((name) => ownCopy(name, input)),
    // Of what was not read to its end nobody knows that it is one statement.
    explainable: summary.isExplainable && isWhole,
  }
  reader.release()
  summary.release()
  Object.assign(textBeforeStrings, createTextMark())
  return shape
}

/** A part of a text keeps the whole of it alive, literals included: of a long text a copy does not. */
function ownCopy(part: string, whole: string): string {
  return whole.length < 1_000 || part === whole ? part : Buffer.from(part, 'utf16le').toString('utf16le')
}

const textBeforeStrings = createTextMark()

function rememberBeforeStrings(): void {
  safeText.mark(textBeforeStrings, reader.start)
  summary.remember()
  fingerprint.remember()
}

function goBackBeforeStrings(): void {
  safeText.cutAt(textBeforeStrings)
  summary.goBack()
  fingerprint.goBack()
}

/** Whether the current token, though it looks like a name, is a literal in some system or setting. */
function mayBeLiteral(): boolean {
  switch (reader.kind) {
    case QuotedIdentifier:
      if (reader.isDoubtfulName) return !summary.isTableName
      return summary.isSetting || isArgument()
    case Word:
      return isArgument() && !reader.has(WordFact.Reserved)
    default:
      return false
  }
}

/** Whether it is an argument of a T-SQL procedure, which needs no quotes, and has them in vain. */
function isArgument(): boolean {
  return summary.isInCall && !summary.isName
}

/** The parts of the names of tables, which are qualifiers of columns as well. */
function partsOf(tables: readonly string[]): ReadonlySet<string> {
  const parts = tables.flatMap((name) => name.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [])
  return new Set(parts.map((part) => part.toLowerCase()))
}

/** The current token as a part of a name. */
function nameAt(sql: string, { quotesKeepCase }: LexicalRules): string | undefined {
  const { kind } = reader
  if (kind !== Word && kind !== QuotedIdentifier) return undefined
  const name = displayName(sql.slice(reader.start, reader.end))
  return kind === QuotedIdentifier && quotesKeepCase ? name : name.toLowerCase()
}
