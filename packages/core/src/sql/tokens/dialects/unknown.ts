import type { LexicalRules } from '../lexical-rules.js'

/** A system that is not known. A rule is `unclear` where a literal of one known system could be a name in another. */
export const unknown: LexicalRules = {
  isUnknown: true,

  backslashEscapes: 'unclear',
  likelyBackslashEscapes: undefined,
  dollarQuotes: 'unclear',
  postgresStrings: false,
  charsetIntroducers: true,
  adjacentStrings: false,

  doubleQuotedIdentifiers: 'unclear',
  backtickIdentifiers: 'unclear',
  bracketIdentifiers: 'unclear',
  doubledBrackets: false,
  quotesKeepCase: true,
  wordCharacters: '$',
  unicodeSpaces: true,

  nestedComments: 'unclear',
  hashComments: 'unclear',
  dashesNeedSpace: 'unclear',
  returnEndsComment: 'unclear',
  executableComments: true,

  dollarParameters: false,
  dollarNames: true,
  tclParameters: 'unclear',
  questionMarks: true,
  atNames: true,

  operatorWords: false,
  cteReferences: 'all',
  // Systems differ.
  tableCase: 'counts',
  deletesHistory: false,
  tableVariables: false,
  writableCtes: false,
  batches: false,
  quotedSettings: false,
}
