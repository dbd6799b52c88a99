/** What a token is. Numbers rather than names: they are compared for every token of every new statement. */
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
  /** The rest of the text: what it holds cannot be told with certainty. */
  Unreadable: 17,
} as const
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind]
