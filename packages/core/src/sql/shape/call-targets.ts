import { FollowStep, type StatementFollower } from './statement-follower.js'
import { WordFact } from '../tokens/keywords.js'
import { Expect, type StatementState } from './statement-state.js'
import { isCommand, isExec } from './summary-words.js'
import type { TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Parameter } = TokenKind
const { Reserved } = WordFact
const { Nothing, Other } = Expect
const { Continues, NextStatementBegins } = FollowStep

/**
 * Follows T-SQL's `EXEC p @a = x`. The procedure's name is the target. All words behind it are arguments, which T-SQL
 * reads as strings even without quotes.
 */
export class CallTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  /** Whether the call is in the body of another procedure. */
  #isInBody = false

  constructor(state: StatementState, names: TargetNames) {
    this.#state = state
    this.#names = names
  }

  get role(): 'table' | 'name' | 'argument' {
    return this.#names.role ?? 'argument'
  }

  /** Begins behind `EXEC`. */
  begin(): void {
    this.#isInBody = false
    this.#state.expect = Other
  }

  /** Begins at the procedure's name. T-SQL needs no `EXEC` in the first statement of a batch. */
  beginWithName(token: TokenReader): void {
    this.begin()
    this.#names.begin(token)
  }

  /** Begins at an `EXEC` in the body of another procedure. It is no target, because it does not run now. */
  beginInBody(): void {
    this.#isInBody = true
    this.#names.role = 'name'
    this.#state.expect = Nothing
  }

  addOther(token: TokenReader): void {
    if (!this.#isBeforeName(token)) this.#names.addOther(token)
  }

  addWord(token: TokenReader): FollowStep {
    if (this.#isInBody) return this.#addWordOfBody(token)
    const state = this.#state
    if (state.levels.isOutermost && isCommand(token.keyword)) return NextStatementBegins
    if (state.expect === Other && !token.has(Reserved)) this.#names.begin(token)
    else state.expect = Nothing
    return Continues
  }

  #addWordOfBody(token: TokenReader): FollowStep {
    if (this.#state.isEndedBy(token)) return NextStatementBegins
    if (isExec(token.keyword)) this.beginInBody()
    return Continues
  }

  /** `EXEC @result = p` */
  #isBeforeName(token: TokenReader): boolean {
    const { start, end, kind } = token
    return kind === Parameter || (end === start + 1 && this.#state.sql[start] === '=')
  }
}
