import type { LexicalRules } from '../lexical-rules.js'

/**
 * PostgreSQL and PGlite.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export const postgresql: LexicalRules = {
  isUnknown: false,

  // `standard_conforming_strings` is on since PostgreSQL 9.1, but a session may switch it off.
  backslashEscapes: 'unclear',
  likelyBackslashEscapes: false,
  dollarQuotes: 'yes',
  postgresStrings: true,
  charsetIntroducers: false,
  adjacentStrings: false,

  doubleQuotedIdentifiers: 'yes',
  backtickIdentifiers: 'no',
  bracketIdentifiers: 'no',
  doubledBrackets: false,
  quotesKeepCase: true,
  wordCharacters: '$',
  unicodeSpaces: false,

  nestedComments: 'yes',
  hashComments: 'no',
  dashesNeedSpace: 'no',
  returnEndsComment: 'yes',
  executableComments: false,

  dollarParameters: true,
  dollarNames: false,
  tclParameters: 'no',
  questionMarks: false,
  atNames: false,

  operatorWords: false,
  cteReferences: 'none',
  tableCase: 'quoted',
  deletesHistory: false,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
}
