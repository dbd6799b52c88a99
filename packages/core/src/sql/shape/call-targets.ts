import { FollowStep, type StatementFollower } from './statement-follower.js'
import { WordFact } from '../tokens/keywords.js'
import { Expect, type StatementState } from './statement-state.js'
import { isCommand, isExec } from './summary-words.js'
import type { TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Parameter, Word } = TokenKind
const { Reserved } = WordFact
const { Nothing, Other } = Expect
const { Continues, NextStatementBegins } = FollowStep

/**
 * Follows T-SQL's `EXEC p @a = x`: the procedure's name is the target, and everything behind it are arguments, which
 * may be strings without quotes.
 */
export class CallTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
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

  /** Begins with the procedure's name: T-SQL allows to leave `EXEC` out in a batch's first statement. */
  beginWithName(token: TokenReader): void {
    this.begin()
    this.#names.begin(token)
  }

  /** Begins at the `EXEC` in the body of another procedure, which is not run now: the call is no target. */
  beginInBody(): void {
    this.#isInBody = true
    this.#names.role = 'name'
    this.#state.expect = Nothing
  }

  add(token: TokenReader): FollowStep {
    if (token.kind === Word && !token.isConstant) {
      return this.#isInBody ? this.#addWordOfBody(token) : this.#addWord(token)
    }
    if (!this.#isBeforeName(token)) this.#names.addOther(token)
    return Continues
  }

  #addWord(token: TokenReader): FollowStep {
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
