/** A family of lexical rules, by its `db.system.name` in OpenTelemetry's conventions. */
export type SqlDialect = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'microsoft.sql_server' | 'other_sql'

/** How a piece of syntax is read; `unclear` where the answer depends on something that we cannot know. */
export type Reading = 'yes' | 'no' | 'unclear'

/**
 * What a tokenizer has to know of a dialect.
 *
 * Where a rule is `unclear` and the two readings of a text would part, the tokenizer gives the rest of the
 * text up: what is a literal in one reading must not pass as an identifier in the other.
 */
export interface LexicalRules {
  /** Whether a backslash escapes the quote after it in a plain string. */
  readonly backslashEscapes: Reading
  /** What it most likely does where that is unclear: text must not rely on it, but a fingerprint may. */
  readonly likelyBackslashEscapes: boolean | undefined
  /** Whether `"x"` is an identifier; otherwise it is a string. */
  readonly doubleQuotedIdentifiers: Reading
  /** `` `x` `` */
  readonly backtickIdentifiers: Reading
  /** `[x]` */
  readonly bracketIdentifiers: Reading
  /** `$tag$ … $tag$` */
  readonly dollarQuotes: Reading
  /** Whether `/*` inside a comment opens another one. */
  readonly nestedComments: Reading
  /** Whether `#` begins a comment. */
  readonly hashComments: Reading
  /** Whether a carriage return without a newline ends a comment. */
  readonly returnEndsComment: Reading
  /** Whether `]]` is a `]` inside brackets. */
  readonly doubledBrackets: boolean
  /** Whether `--` is a comment only where white space follows. */
  readonly dashesNeedSpace: Reading
  /** Whether what a comment that begins with `/*!` holds is run rather than skipped. */
  readonly executableComments: boolean
  /** Strings `E'…'` with escapes, strings that go on after a line break, identifiers `U&"…"`. */
  readonly postgresStrings: boolean
  /** Whether any system may have written it: braces, `//`, `'''` and Oracle's `q'[…]'` are read by nobody else. */
  readonly isUnknown: boolean
  /** `$1` as a parameter; otherwise, if it is anything, an amount of money. */
  readonly dollarParameters: boolean
  /** `$name` as a parameter. */
  readonly dollarNames: boolean
  /** Whether a named parameter may go on with `::name` and with anything in parentheses, as in Tcl: `$a::b(')`. */
  readonly tclParameters: Reading
  /** `?` as a parameter rather than an operator. */
  readonly questionMarks: boolean
  /** `@name` as a parameter or variable rather than an operator. */
  readonly atNames: boolean
  /** Whether white space beyond ASCII, such as a no-break space, is no part of an identifier. */
  readonly unicodeSpaces: boolean
  /** Whether the case of letters counts in quotes, where without them it does not. */
  readonly quotesKeepCase: boolean
  /** Strings `_utf8mb4'…'`. */
  readonly charsetIntroducers: boolean
  /** Tables `@name`. */
  readonly tableVariables: boolean
  /** Whether statements follow each other without semicolons, and procedures take words and names as strings. */
  readonly batches: boolean
  /** Whether `PRAGMA`, `ATTACH` and `VACUUM` take names in quotes as strings. */
  readonly quotedSettings: boolean
  /** Whether strings beside each other are one. */
  readonly adjacentStrings: boolean
  /** Whether `INTERVAL`, `DIV` and `MOD` are reserved, and a sign behind them that of an operand. */
  readonly operatorWords: boolean
  /** Whether writing to a CTE writes to the table below it. */
  readonly writableCtes: boolean
  /** What an unquoted identifier may hold besides letters, digits and `_`. */
  readonly wordCharacters: string
}

const postgresql: LexicalRules = {
  // `standard_conforming_strings`: on since PostgreSQL 9.1, but a session may switch it off.
  backslashEscapes: 'unclear',
  likelyBackslashEscapes: false,
  doubleQuotedIdentifiers: 'yes',
  backtickIdentifiers: 'no',
  bracketIdentifiers: 'no',
  dollarQuotes: 'yes',
  nestedComments: 'yes',
  hashComments: 'no',
  dashesNeedSpace: 'no',
  executableComments: false,
  postgresStrings: true,
  isUnknown: false,
  dollarParameters: true,
  dollarNames: false,
  tclParameters: 'no',
  questionMarks: false,
  atNames: false,
  returnEndsComment: 'yes',
  doubledBrackets: false,
  unicodeSpaces: false,
  quotesKeepCase: true,
  charsetIntroducers: false,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
  adjacentStrings: false,
  operatorWords: false,
  wordCharacters: '$',
}

const mysql: LexicalRules = {
  // Unless the session's `sql_mode` has NO_BACKSLASH_ESCAPES.
  backslashEscapes: 'unclear',
  likelyBackslashEscapes: true,
  // Unless it has ANSI_QUOTES; read as a string, an identifier without a backslash is merely hidden.
  doubleQuotedIdentifiers: 'no',
  backtickIdentifiers: 'yes',
  bracketIdentifiers: 'no',
  // Bodies of functions, since MySQL 9.
  dollarQuotes: 'unclear',
  nestedComments: 'no',
  hashComments: 'yes',
  dashesNeedSpace: 'yes',
  executableComments: true,
  postgresStrings: false,
  isUnknown: false,
  dollarParameters: false,
  dollarNames: false,
  tclParameters: 'no',
  questionMarks: true,
  atNames: true,
  returnEndsComment: 'no',
  doubledBrackets: false,
  unicodeSpaces: false,
  quotesKeepCase: false,
  charsetIntroducers: true,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
  adjacentStrings: true,
  operatorWords: true,
  wordCharacters: '$',
}

const sqlite: LexicalRules = {
  ...mysql,
  dollarQuotes: 'no',
  backslashEscapes: 'no',
  doubleQuotedIdentifiers: 'yes',
  bracketIdentifiers: 'yes',
  hashComments: 'no',
  dashesNeedSpace: 'no',
  executableComments: false,
  dollarNames: true,
  tclParameters: 'yes',
  charsetIntroducers: false,
  quotedSettings: true,
  adjacentStrings: false,
  operatorWords: false,
}

const sqlServer: LexicalRules = {
  ...sqlite,
  backtickIdentifiers: 'no',
  nestedComments: 'yes',
  dollarNames: false,
  tclParameters: 'no',
  returnEndsComment: 'unclear',
  doubledBrackets: true,
  unicodeSpaces: true,
  tableVariables: true,
  writableCtes: true,
  batches: true,
  quotedSettings: false,
  wordCharacters: '$#@',
}

const unknown: LexicalRules = {
  backslashEscapes: 'unclear',
  likelyBackslashEscapes: undefined,
  doubleQuotedIdentifiers: 'unclear',
  backtickIdentifiers: 'unclear',
  bracketIdentifiers: 'unclear',
  dollarQuotes: 'unclear',
  nestedComments: 'unclear',
  hashComments: 'unclear',
  dashesNeedSpace: 'unclear',
  executableComments: true,
  postgresStrings: false,
  isUnknown: true,
  dollarParameters: false,
  dollarNames: true,
  tclParameters: 'unclear',
  questionMarks: true,
  atNames: true,
  returnEndsComment: 'unclear',
  doubledBrackets: false,
  unicodeSpaces: true,
  quotesKeepCase: true,
  charsetIntroducers: true,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
  adjacentStrings: false,
  operatorWords: false,
  wordCharacters: '$',
}

const rulesByDialect: ReadonlyMap<string, LexicalRules> = new Map<SqlDialect, LexicalRules>([
  ['postgresql', postgresql],
  ['mysql', mysql],
  ['mariadb', mysql],
  ['sqlite', sqlite],
  ['microsoft.sql_server', sqlServer],
])

/** What people call them. */
const OTHER_NAMES: ReadonlyMap<string, LexicalRules> = new Map([
  ['postgres', postgresql],
  ['pg', postgresql],
  ['sqlite3', sqlite],
  ['mssql', sqlServer],
  ['sqlserver', sqlServer],
])

/** The rules where somebody has said what backslashes do, made once for each of the two answers. */
const variants = new Map<LexicalRules, readonly [no: LexicalRules, yes: LexicalRules]>()

/**
 * The rules of a system; for one that is not known those that take nothing for granted.
 *
 * @param backslashEscapes `undefined` where nobody knows
 */
export function lexicalRulesOf(system: string, backslashEscapes?: boolean): LexicalRules {
  const rules = rulesByDialect.get(system) ?? OTHER_NAMES.get(system) ?? unknown
  if (backslashEscapes === undefined) return rules
  let pair = variants.get(rules)
  if (pair === undefined) {
    pair = [
      { ...rules, backslashEscapes: 'no' },
      { ...rules, backslashEscapes: 'yes' },
    ]
    variants.set(rules, pair)
  }
  return pair[backslashEscapes ? 1 : 0]
}

const SYSTEM_NAMES: ReadonlyMap<string, string> = new Map([
  ['postgres', 'postgresql'],
  ['pg', 'postgresql'],
  ['mssql', 'microsoft.sql_server'],
  ['sqlserver', 'microsoft.sql_server'],
  ['sql_server', 'microsoft.sql_server'],
  ['sqlite3', 'sqlite'],
  ['maria', 'mariadb'],
])

/** The `db.system.name` of a system, for a name by which people call it. */
export function normalizeSystem(name: string): string {
  const lower = name.toLowerCase()
  return SYSTEM_NAMES.get(lower) ?? lower
}
