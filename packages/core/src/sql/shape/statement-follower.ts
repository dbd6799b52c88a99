import type { NameRole } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'

/** What a token changes about who follows the statement. */
export const FollowStep = {
  /** Nothing. */
  Continues: 0,
  /** A query follows: `CREATE TABLE a AS SELECT`. */
  QueryBegins: 1,
  /** The token calls a procedure, whose name and arguments follow: `INSERT INTO a EXEC p`. */
  CallBegins: 2,
  /** The token calls a procedure in the body of another one. */
  CallInBodyBegins: 3,
  /** The token is the first word of another statement, with no semicolon in front of it. */
  NextStatementBegins: 4,
} as const
export type FollowStep = (typeof FollowStep)[keyof typeof FollowStep]

/** What a token is, if it looks like a name. */
export type TokenRole =
  | NameRole
  /** An argument of a procedure: where it is no keyword, T-SQL reads it as a string. */
  | 'argument'
  /** A part of a command that configures SQLite, which reads quoted names there as strings. */
  | 'setting'

/**
 * Finds operations and their targets in the statements of one family. One of each exists for the whole process:
 * `Summary` selects one by a statement's first word.
 */
export interface StatementFollower {
  /**
   * Follows one token. `Summary` handles first words, commas, parentheses, semicolons, and the tokens that
   * belong to a name or to a `WITH` itself.
   */
  add(token: TokenReader): FollowStep
  /** What the token that `Summary` got last is. */
  readonly role: TokenRole
}
