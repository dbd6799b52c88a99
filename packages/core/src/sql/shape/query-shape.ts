import { dialectOf, lexicalRulesOf, type LexicalRules, type SqlDialect } from '../tokens/dialect.js'
import { Fingerprint } from './fingerprint.js'
import { lanesOf, WordFact } from '../tokens/keywords.js'
import { displayName } from './name.js'
import { NameMerging, type MergeNames } from './name-merging.js'
import { OperationTargets } from './operation-targets.js'
import { createTextMark, SafeText } from './safe-text.js'
import type { StatementKind } from './statement-kind.js'
import { Summary } from './summary.js'
import { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

export type { SqlDialect } from '../tokens/dialect.js'

// A module's own constants are compared faster than properties of an imported object.
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

/** What stays the same of a statement when its values change. */
export interface QueryShape {
  /** The system by whose rules the statement was read; `other_sql` if its rules are not known. */
  readonly dialect: SqlDialect
  /** `q1:` and 16 hexadecimal digits; equal for statements that differ only in their values. */
  readonly fingerprint: string
  /** The fingerprint in which all names count: that of a statement without the option `mergeNames`. */
  readonly exactFingerprint: string
  /**
   * The statement as it may leave the process: with `?` for each literal, without comments, and without repeated list
   * elements and alternatives that hold literals. Parameters stay as they are.
   *
   * Empty for a system whose rules are not known.
   */
  readonly text: string
  /**
   * Whether `text` ends before the statement: at a length limit, where the statement cannot be read with certainty, or
   * at once because the rules of the system are not known. Unless it is empty, it then ends in `…`.
   */
  readonly truncated: boolean
  /**
   * The operations and their targets in the order of the statement, such as `select orders customers` or
   * `INSERT shipping_details SELECT orders`: a name of low cardinality. At most 255 UTF-16 units; empty for a statement
   * without operations.
   */
  readonly summary: string
  /**
   * The only table of a statement with one operation, `db.collection.name` of the conventions; `undefined` for any other
   * statement.
   */
  readonly collection: string | undefined
  /** The only operation as it was written, such as `select` or `CREATE TABLE`; `undefined` for none or several. */
  readonly operation: string | undefined
  /** What the statement does; `several` for a text of several statements, `unknown` if no rule tells. */
  readonly kind: StatementKind
  /** The tables and views of the statement without its CTEs, each once, qualified by a schema as in the statement. */
  readonly tables: readonly string[]
  /** The tables that the statement writes to or whose definition it changes. */
  readonly writtenTables: readonly string[]
  /** Whether EXPLAIN of PostgreSQL gives a plan for the statement. */
  readonly explainable: boolean
}

/** How {@link analyzeQuery} reads a statement. All options are optional. */
export interface AnalyzeOptions {
  /**
   * The system whose rules hold, by its `db.system.name` or a common other name, such as `pg` or `mssql`.
   *
   * Known are PostgreSQL, MySQL, MariaDB, SQLite and SQL Server. For any other system `text` is empty: what is a name in
   * one system can be a string in another. The rest of the shape leaves out what two systems read differently.
   *
   * @default `other_sql`, which is not a known system
   */
  readonly dialect?: SqlDialect | (string & {}) | undefined
  /**
   * Whether a backslash escapes a quote in plain strings. It does in PostgreSQL with `standard_conforming_strings` off,
   * and in MySQL unless `NO_BACKSLASH_ESCAPES` is on.
   *
   * @default not known: `text` ends before the first string in which it matters. SQLite and SQL Server: `false`
   */
  readonly backslashEscapes?: boolean | undefined
  /**
   * Which parts of the names of tables and schemas do not count, so that partitions or the schemas of tenants share
   * fingerprint, summary and `collection`, in which they are `?`. `true`: digits, as in `events_2026_11` and
   * `tenant_42.orders`. A regular expression: what it matches in a part of a name, in any case, such as `/^tenant_.+/`. The
   * names of functions and other objects in the summary are merged, too. Costs a second reading of each new statement.
   *
   * @default false
   */
  readonly mergeNames?: MergeNames | undefined
  /**
   * The maximum number of UTF-16 units of the statement that are read. The time of reading is proportional to them.
   *
   * @default 1,000,000
   */
  readonly maxLength?: number | undefined
  /**
   * The maximum length of `text` in UTF-16 units, with the ` …` of a text that is cut. It is cut between two tokens.
   *
   * @default 8,192
   */
  readonly maxTextLength?: number | undefined
}

const MAX_LENGTH = 1_000_000
const MAX_TEXT_LENGTH = 8_192
/** UTF-16 units. */
const LONG = 1_000

// The process needs one of each: a statement is read synchronously, and each one is reset before the next.
const reader = new TokenReader()
const targets = new OperationTargets()
const fingerprint = new Fingerprint(targets)
const summary = new Summary(targets)
const safeText = new SafeText()

/**
 * Reads a statement and returns its shape: fingerprint, exported text, summary and tables.
 *
 * It accepts any text, never throws, and takes time linear in the length of the text. If it cannot read a part with
 * certainty, such as an unterminated string, `text` ends before that part.
 *
 * `shapeCacheOf` of `@querylens/core/recorder` keeps the shapes of statements that return.
 *
 * @param sql one statement, or several with semicolons between them
 * @example
 * analyzeQuery("select * from orders where id = 4711", { dialect: 'postgresql' }).text
 * // select * from orders where id = ?
 */
export function analyzeQuery(sql: string, options?: AnalyzeOptions): QueryShape {
  const maxLength = options?.maxLength ?? MAX_LENGTH
  const maxTextLength = options?.maxTextLength ?? MAX_TEXT_LENGTH
  const mergeNames = options?.mergeNames ?? false
  const exact = mergeNames === false ? undefined : analyzeQuery(sql, { ...options, mergeNames: false })
  const merging = exact && new NameMerging(mergeNames, exact)
  const dialect = dialectOf(options?.dialect ?? 'other_sql')
  const rules = lexicalRulesOf(dialect, options?.backslashEscapes)
  let input = typeof sql === 'string' ? sql : ''
  const isCut = input.length > maxLength
  if (isCut) input = input.slice(0, maxLength)
  // Telemetry is sent in UTF-8, which cannot hold half a surrogate pair.
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
    // A text in double quotes may be a string.
    const isString = kind === StringLiteral || (kind === QuotedIdentifier && reader.isDoubtfulName)
    if (isString && !hasString) {
      hasString = true
      rememberBeforeStrings()
    }
    const isBroken = kind === Unreadable || (isString && reader.touchesWord)
    isWhole &&= !isBroken
    if (isBroken || (isDataOfCopy && kind !== End) || (isCut && reader.end === input.length)) {
      // One quote too many or too few turns strings into names and names into strings, from the first string on.
      if (isBroken && hasString) goBackBeforeStrings()
      fingerprint.addRest()
      // The name before a dot is no table.
      if (kind === Dot) summary.add(reader)
      // The last token of a text that is cut may be incomplete.
      safeText.close(reader.start)
      reader.skipToEnd()
    }
    // With the other reading of its backslashes the rest of the text may be a string.
    if (reader.isDoubtful) safeText.seal(reader.start)
    else summary.add(reader)
    if (reader.kind === End) break
    isDataOfCopy = reader.kind === Semicolon && summary.statementKind === 'copy'
    if (mayBeLiteral()) reader.takeAsLiteral()
    const isBlanked = reader.isLiteral
    safeText.fit(reader.start, isBlanked ? reader.start + 1 : reader.end)
    if (isBlanked) safeText.blank(reader.start, reader.end)
    const name = merging === undefined ? undefined : nameAt(input, rules)
    if (name !== undefined && merging!.has(name)) {
      ;[reader.hashA, reader.hashB] = lanesOf(merging!.mergePart(name))
    }
    fingerprint.add(reader, safeText)
    if (reader.kind === Parameter || reader.kind === CloseParenthesis) {
      fingerprint.skipRepetitions(reader)
      safeText.fit(reader.start, reader.end)
    }
  }
  fingerprint.end(reader, safeText)
  isWhole &&= !reader.isDoubtful
  const isTruncated = rules.isUnknown || safeText.isTruncated
  // Also releases the statement, so it is called for unknown systems, too.
  const text = safeText.finish(reader.start)
  const found = fingerprint.finish()
  const shape: QueryShape = {
    dialect,
    fingerprint: found,
    exactFingerprint: exact?.fingerprint ?? found,
    truncated: isTruncated,
    text: rules.isUnknown ? '' : ownCopy(text, input),
    summary: ownCopy(merging?.merge(targets.text) ?? targets.text, input),
    collection: collectionOf(merging, input),
    operation: targets.operation === undefined ? undefined : ownCopy(targets.operation, input),
    kind: summary.kind,
    tables: ownCopies(targets.tables, input),
    writtenTables: ownCopies(targets.writtenTables, input),
    // A truncated text may hold more than one statement.
    explainable: summary.isExplainable && isWhole,
  }
  if (options?.backslashEscapes !== undefined) escapes.set(shape, options.backslashEscapes)
  if (merging !== undefined) mergings.set(shape, merging)
  reader.release()
  summary.release()
  // It would keep the text of a long statement.
  if (hasString) textBeforeStrings.output = ''
  return shape
}

/** By shape the option `backslashEscapes` with which its statement was read, where that was given. */
const escapes = new WeakMap<QueryShape, boolean>()

/** The option `backslashEscapes` with which the statement of a shape was read. Another reading has to use the same. */
export function backslashEscapesOf(shape: QueryShape): boolean | undefined {
  return escapes.get(shape)
}

/** By shape the merging of its names, where the option `mergeNames` is given. */
const mergings = new WeakMap<QueryShape, NameMerging>()

/** How the option `mergeNames` changes the names of the statement; `undefined` without the option. */
export function nameMergingOf(shape: QueryShape): NameMerging | undefined {
  return mergings.get(shape)
}

/** Copies the parts of a long text. `targets` makes new arrays for each text. */
function ownCopies(parts: readonly string[], whole: string): readonly string[] {
  return whole.length < LONG ? parts : parts.map((part) => ownCopy(part, whole))
}

/** Copies a part of a long text. V8 would keep the whole text, with its literals, alive for the part. */
function ownCopy(part: string, whole: string): string {
  return whole.length < LONG || part === whole ? part : Buffer.from(part, 'utf16le').toString('utf16le')
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

/** Whether the current token looks like a name but is a literal in some system or setting. */
function mayBeLiteral(): boolean {
  const { kind } = reader
  if (kind === QuotedIdentifier && reader.isDoubtfulName) return summary.role !== 'table'
  // Most words are in queries, where a name is never a literal.
  if ((kind !== Word && kind !== QuotedIdentifier) || summary.isInQuery) return false
  switch (summary.role) {
    case 'argument':
    case 'value':
      return !reader.has(WordFact.Reserved)
    case 'setting':
      return kind === QuotedIdentifier
    default:
      return false
  }
}

function collectionOf(merging: NameMerging | undefined, input: string): string | undefined {
  const { tables, operation } = targets
  const [table] = tables
  if (operation === undefined || table === undefined || tables.length > 1) return undefined
  return ownCopy(merging?.merge(table) ?? table, input)
}

/** The current token as a part of a name, in lower case if case does not count; `undefined` for any other token. */
function nameAt(sql: string, { quotesKeepCase }: LexicalRules): string | undefined {
  const { kind } = reader
  if (kind !== Word && kind !== QuotedIdentifier) return undefined
  const name = displayName(sql.slice(reader.start, reader.end))
  return kind === QuotedIdentifier && quotesKeepCase ? name : name.toLowerCase()
}
