import type { LexicalRules } from '../lexical-rules.js'

/**
 * Microsoft SQL Server.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/transact-sql-syntax-conventions-transact-sql
 */
export const sqlServer: LexicalRules = {
  isUnknown: false,

  backslashEscapes: 'no',
  likelyBackslashEscapes: false,
  dollarQuotes: 'no',
  postgresStrings: false,
  charsetIntroducers: false,
  adjacentStrings: false,

  // A session without QUOTED_IDENTIFIER reads a string; `tedious` sets it.
  doubleQuotedIdentifiers: 'yes',
  backtickIdentifiers: 'no',
  bracketIdentifiers: 'yes',
  doubledBrackets: true,
  quotesKeepCase: false,
  wordCharacters: '$#@',
  unicodeSpaces: true,

  nestedComments: 'yes',
  hashComments: 'no',
  dashesNeedSpace: 'no',
  returnEndsComment: 'unclear',
  executableComments: false,

  dollarParameters: false,
  dollarNames: false,
  tclParameters: 'no',
  questionMarks: true,
  atNames: true,

  operatorWords: false,
  cteReferences: 'itself',
  // The default collations ignore case.
  tableCase: 'ignored',
  deletesHistory: false,
  tableVariables: true,
  writableCtes: true,
  batches: true,
  quotedSettings: false,
}
