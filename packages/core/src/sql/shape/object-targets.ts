import { FollowStep, type StatementFollower } from './statement-follower.js'
import { Keyword } from '../tokens/keywords.js'
import { ObjectWords } from './object-words.js'
import { Level } from './query-levels.js'
import { Expect, type StatementState } from './statement-state.js'
import { isExec } from './summary-words.js'
import type { NameRole, TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { QuotedIdentifier, Word } = TokenKind
const { ON, ONLY } = Keyword
const { Nothing, Other, Target } = Expect
const { CallInBodyBegins, Continues, NextStatementBegins, QueryBegins } = FollowStep

/**
 * Follows `CREATE`, `ALTER` and `DROP`: reads what the object is and its name. Behind the name of a table or a view a
 * query may follow; the definition of any other object is not run now, so that nothing in it is a target but the
 * table that an index, a trigger or a policy is on.
 */
export class ObjectTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  readonly #words = new ObjectWords()
  /** Whether `ON` names a table. */
  #isOnTable = false
  #mayHaveBody = false

  constructor(state: StatementState, names: TargetNames) {
    this.#state = state
    this.#names = names
  }

  get role(): NameRole {
    return this.#names.role
  }

  /** Begins behind the command. */
  begin(command: string): void {
    this.#words.begin(command)
    this.#isOnTable = this.#mayHaveBody = false
  }

  add(token: TokenReader): FollowStep {
    const words = this.#words
    const { kind, isConstant } = token
    if (kind === Word && !isConstant) return words.isOpen ? this.#addObjectWord(token) : this.#addWord(token)
    const isEnd = words.isOpen && (isConstant || kind === QuotedIdentifier)
    const step = isEnd ? this.#endObjectWords() : Continues
    this.#names.addOther(token)
    return step
  }

  #addObjectWord(token: TokenReader): FollowStep {
    if (this.#words.takes(this.#state.textOf(token))) return Continues
    const step = this.#endObjectWords()
    if (token.keyword === ON) this.#addWord(token)
    else this.#names.addWord(token)
    return step
  }

  /** Ends the words of `CREATE UNIQUE INDEX`: a name follows. */
  #endObjectWords(): FollowStep {
    const words = this.#words
    const state = this.#state
    words.isOpen = false
    this.#names.addOperation(words.operation)
    state.createsTable = words.mayHoldRows
    state.expect = state.operands = words.isTable ? Target : Other
    if (words.mayBeSeveral) state.levels.change(0, Level.LISTS_OPERANDS)
    state.hasBody = false
    this.#mayHaveBody = words.mayHaveBody
    this.#isOnTable = words.isOnTable
    return words.isTable ? QueryBegins : Continues
  }

  /** Follows a word behind those for the object. */
  #addWord(token: TokenReader): FollowStep {
    const state = this.#state
    if (state.isEndedBy(token)) return NextStatementBegins
    if (state.rules.batches && isExec(token.keyword)) return CallInBodyBegins
    if (token.keyword === ON && this.#isOnTable) {
      state.expect = Target
      this.#isOnTable = false
    } else if (this.#mayHaveBody && /^begin$/i.test(state.textOf(token))) {
      state.hasBody = true
    } else if (state.expect !== Nothing && token.keyword !== ONLY) {
      this.#names.addWord(token)
    }
    return Continues
  }
}
