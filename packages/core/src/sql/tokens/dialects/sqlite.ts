import type { LexicalRules } from '../lexical-rules.js'

/**
 * SQLite.
 *
 * @see https://www.sqlite.org/lang.html
 */
export const sqlite: LexicalRules = {
  isUnknown: false,

  backslashEscapes: 'no',
  likelyBackslashEscapes: false,
  dollarQuotes: 'no',
  postgresStrings: false,
  charsetIntroducers: false,
  adjacentStrings: false,

  // SQLite can be built to read an unknown name as a string; `node:sqlite` and `better-sqlite3` refuse that.
  doubleQuotedIdentifiers: 'yes',
  backtickIdentifiers: 'yes',
  bracketIdentifiers: 'yes',
  doubledBrackets: false,
  quotesKeepCase: false,
  wordCharacters: '$',
  unicodeSpaces: false,

  nestedComments: 'no',
  hashComments: 'no',
  dashesNeedSpace: 'no',
  returnEndsComment: 'no',
  executableComments: false,

  dollarParameters: false,
  dollarNames: true,
  tclParameters: 'yes',
  questionMarks: true,
  atNames: true,

  operatorWords: false,
  cteReferences: 'all',
  tableCase: 'ignored',
  deletesHistory: false,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: true,
}
