import type { LexicalRules } from '../lexical-rules.js'

/**
 * MySQL.
 *
 * @see https://dev.mysql.com/doc/refman/9.7/en/language-structure.html
 */
export const mysql: LexicalRules = {
  isUnknown: false,

  // The `sql_mode` NO_BACKSLASH_ESCAPES of a session switches escapes off.
  backslashEscapes: 'unclear',
  likelyBackslashEscapes: true,
  // MySQL 9 has them for the bodies of functions, MySQL 8 and MariaDB do not.
  dollarQuotes: 'unclear',
  postgresStrings: false,
  charsetIntroducers: true,
  adjacentStrings: true,

  // The `sql_mode` ANSI_QUOTES makes it an identifier. An identifier that is read as a string is only hidden.
  doubleQuotedIdentifiers: 'no',
  backtickIdentifiers: 'yes',
  bracketIdentifiers: 'no',
  doubledBrackets: false,
  quotesKeepCase: false,
  wordCharacters: '$',
  unicodeSpaces: false,

  nestedComments: 'no',
  hashComments: 'yes',
  dashesNeedSpace: 'yes',
  returnEndsComment: 'no',
  executableComments: true,

  dollarParameters: false,
  dollarNames: false,
  tclParameters: 'no',
  questionMarks: true,
  atNames: true,

  operatorWords: true,
  cteReferences: 'none',
  // It depends on `lower_case_table_names`.
  tableCase: 'counts',
  deletesHistory: false,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
}

/**
 * MariaDB.
 *
 * @see https://mariadb.com/kb/en/delete/
 */
export const mariadb: LexicalRules = { ...mysql, deletesHistory: true }
