import type { NameRole } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'

/** What `Summary` does after a word, on behalf of the follower that got the word. */
export const FollowStep = {
  /** Nothing: the same follower gets the next token. */
  Continues: 0,
  /** The token calls a procedure, whose name and arguments follow: `INSERT INTO a EXEC p`. */
  CallBegins: 1,
  /** The token calls a procedure in the body of another one. */
  CallInBodyBegins: 2,
  /** The token is the first word of another statement, with no semicolon in front of it. */
  NextStatementBegins: 3,
} as const
export type FollowStep = (typeof FollowStep)[keyof typeof FollowStep]

/** What a token that looks like a name is in its statement. */
export type TokenRole =
  | NameRole
  /** An argument of a procedure. T-SQL reads it as a string unless it is a reserved word. */
  | 'argument'
  /** A value without quotes, such as that of a setting. Reserved words are none. */
  | 'value'
  /** A part of a command that configures SQLite. SQLite reads a quoted name there as a string. */
  | 'setting'

/**
 * Finds the operations and targets in statements of one family. `Summary` selects a follower by the first word of a
 * statement. It makes one of each for the whole process, so that a statement allocates none.
 */
export interface StatementFollower {
  /** Follows a word that is neither the statement's first, nor a part of a name or of a `WITH` itself. */
  addWord(token: TokenReader): FollowStep
  /** Follows a quoted name, a constant or an operator. `Summary` handles commas, parentheses and semicolons. */
  addOther(token: TokenReader): void
  /** What the latest token is. */
  readonly role: TokenRole
}
