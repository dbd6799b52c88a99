import { FollowStep, type StatementFollower } from './statement-follower.js'
import { Keyword } from '../tokens/keywords.js'
import { ObjectWords } from './object-words.js'
import { Level } from './query-levels.js'
import type { QueryTargets } from './query-targets.js'
import { Expect, type StatementState } from './statement-state.js'
import { isExec } from './summary-words.js'
import type { NameRole, TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'
import { ValuePlace, ValueWords } from './value-words.js'

const { QuotedIdentifier } = TokenKind
const { AS, ON, ONLY } = Keyword
const { Nothing, Other, Target } = Expect
const { CallInBodyBegins, Continues, NextStatementBegins } = FollowStep

/**
 * Follows `CREATE`, `ALTER` and `DROP`: reads the kind of the object and its name. The definition of a table or a view
 * may contain a query. The database does not run the definition of any other object now, so that its only target
 * is the table that an index, a trigger or a policy is on.
 */
export class ObjectTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  readonly #query: QueryTargets
  readonly #words = new ObjectWords()
  /** Whether `ON` names a table. */
  #isOnTable = false
  #mayHaveBody = false
  readonly #values = new ValueWords()

  constructor(state: StatementState, names: TargetNames, query: QueryTargets) {
    this.#state = state
    this.#names = names
    this.#query = query
  }

  get role(): NameRole | 'value' {
    return this.#values.isValue ? 'value' : this.#names.role
  }

  /** Begins behind the command. */
  begin(command: string): void {
    this.#words.begin(command)
    this.#isOnTable = this.#mayHaveBody = false
    this.#values.begin(ValuePlace.Nowhere)
  }

  addWord(token: TokenReader): FollowStep {
    if (this.#words.isOpen) return this.#addObjectWord(token)
    return this.#words.isTable ? this.#query.addWord(token) : this.#addDefinitionWord(token)
  }

  addOther(token: TokenReader): void {
    if (this.#words.isOpen && this.#words.isInOptions) return
    this.#values.follow(token, this.#state.sql, this.#state.rules)
    if (this.#values.isValue) return
    const isEnd = this.#words.isOpen && (token.isConstant || token.kind === QuotedIdentifier)
    if (isEnd) this.#endObjectWords()
    this.#names.addOther(token)
  }

  #addObjectWord(token: TokenReader): FollowStep {
    if (this.#words.takes(this.#state.textOf(token))) return Continues
    this.#endObjectWords()
    if (token.keyword === ON) return this.#addDefinitionWord(token)
    this.#names.begin(token)
    return Continues
  }

  /** Ends the words of `CREATE UNIQUE INDEX`. The name follows. */
  #endObjectWords(): void {
    const words = this.#words
    const state = this.#state
    words.isOpen = false
    this.#names.addOperation(words.operation)
    state.createsTable = words.mayHoldRows
    state.expect = state.operands = words.isTable ? Target : Other
    if (words.mayBeSeveral) state.levels.change(0, Level.LISTS_OPERANDS)
    state.hasBody = false
    this.#mayHaveBody = words.mayHaveBody
    state.holdsStatements = words.isNewRule
    this.#isOnTable = words.isOnTable
    const hasSettings = words.mayHaveBody && (state.rules.postgresStrings || state.rules.isUnknown)
    this.#values.begin(hasSettings ? ValuePlace.SetClause : words.valuePlace)
  }

  /** Follows a word of a definition that contains no query. */
  #addDefinitionWord(token: TokenReader): FollowStep {
    const state = this.#state
    if (state.isEndedBy(token)) return NextStatementBegins
    if (state.rules.batches && isExec(token.keyword)) return CallInBodyBegins
    this.#values.follow(token, state.sql, state.rules)
    if (this.#values.isValue) return Continues
    if (this.#mayHaveBody && token.keyword === AS) this.#values.begin(ValuePlace.Nowhere)
    if (token.keyword === ON && this.#isOnTable) {
      state.expect = Target
      this.#isOnTable = false
    } else if (this.#mayHaveBody && /^begin$/i.test(state.textOf(token))) {
      state.hasBody = true
      this.#values.begin(ValuePlace.Nowhere)
    } else if (state.expect !== Nothing && token.keyword !== ONLY) {
      this.#names.addWord(token)
    }
    return Continues
  }
}
