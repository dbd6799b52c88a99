/** The kinds of tokens. They are numbers because each token of a statement is compared with several of them. */
export const TokenKind = {
  End: 0,
  /** An unquoted identifier or a keyword. */
  Word: 1,
  QuotedIdentifier: 2,
  StringLiteral: 3,
  NumberLiteral: 4,
  Parameter: 5,
  Operator: 6,
  Comma: 7,
  Dot: 8,
  Semicolon: 9,
  OpenParenthesis: 10,
  CloseParenthesis: 11,
  OpenBracket: 12,
  CloseBracket: 13,
  /** `::` */
  Cast: 14,
  Colon: 15,
  Comment: 16,
  /** The rest of the text, whose tokens cannot be told with certainty. */
  Unreadable: 17,
} as const
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind]
