import { FollowStep, type StatementFollower } from './statement-follower.js'
import { Keyword } from '../tokens/keywords.js'
import { Level } from './query-levels.js'
import type { QueryTargets } from './query-targets.js'
import type { CommandSyntax } from './statement-kind.js'
import { Expect, type StatementState } from './statement-state.js'
import { isExec } from './summary-words.js'
import type { NameRole, TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'
import { ValuePlace, ValueWords } from './value-words.js'

const { Comma } = TokenKind
const { FOR, FROM, INTO, ON, ONLY, TABLE } = Keyword
const { Nothing, Other, Table, Target } = Expect
const { CallInBodyBegins, Continues, NextStatementBegins } = FollowStep

/**
 * Follows the other commands. Some work on tables and may contain queries: `LOCK`, `VACUUM`, `COPY (SELECT …) TO`.
 * The rest has no target: `SET`, `COMMIT`, `GRANT`, and the settings of SQLite. Words that are values hide in it.
 */
export class CommandTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  readonly #query: QueryTargets
  /** Whether it works on tables. */
  #hasOperands = false
  /** Whether it configures SQLite. */
  #isSetting = false
  /** Whether it grants or revokes permissions, one of which is `EXECUTE`. */
  #isGrant = false
  #isFirst = false
  /** Whether it is MySQL's `LOAD DATA` or `LOAD XML`, or a `LOAD` that names no table. */
  #isLoad = false
  /** Number of tables before `CLUSTER`, whose first name may be that of an index; otherwise -1. */
  #tablesBefore = -1
  readonly #values = new ValueWords()

  constructor(state: StatementState, names: TargetNames, query: QueryTargets) {
    this.#state = state
    this.#names = names
    this.#query = query
  }

  get role(): NameRole | 'setting' | 'value' {
    if (this.#values.isValue) return 'value'
    return this.#isSetting ? 'setting' : this.#names.role
  }

  /**
   * Begins behind the command.
   *
   * @param word the command in lower case
   * @param isSetting whether it configures SQLite: `PRAGMA`, `ATTACH`
   */
  begin(word: string, syntax: CommandSyntax | undefined, isSetting: boolean): void {
    const state = this.#state
    const isOnTables = syntax === 'tables' || syntax === 'targets'
    this.#isSetting = isSetting
    this.#hasOperands = isOnTables && !isSetting
    this.#isGrant = syntax === 'grant'
    this.#isFirst = true
    this.#isLoad = word === 'load'
    this.#tablesBefore = word === 'cluster' ? state.targets.tables.length : -1
    if (isOnTables) state.expectOperands(syntax === 'targets' ? Target : Table)
    if (syntax === 'object name') state.expect = Other
    const place = word === 'set' ? ValuePlace.Settings : ValuePlace.Assignments
    this.#values.begin(this.#hasOperands ? ValuePlace.Nowhere : place)
    if (!isSetting) return
    state.expect = Nothing
    state.levels.change(Level.LISTS_OPERANDS, 0)
  }

  addWord(token: TokenReader): FollowStep {
    const state = this.#state
    const isFirst = this.#isFirst
    this.#isFirst = false
    if (this.#hasOperands) {
      // `COPY t FROM`
      const isInput = token.keyword === FROM && state.kind === 'copy' && state.levels.isOutermost
      if (isInput) state.targets.writeAll()
      if (token.keyword === ON && this.#tablesBefore >= 0) this.#addClusterOn()
      else return this.#query.addWord(token)
      return Continues
    }
    if (state.isEndedBy(token)) return NextStatementBegins
    if (state.rules.batches && isExec(token.keyword) && !this.#isPermission(token, isFirst))
      return CallInBodyBegins
    this.#values.follow(token, state.sql, state.rules)
    if (this.#values.isValue) return Continues
    // MySQL's `LOAD DATA … INTO TABLE t`
    if (token.keyword === TABLE && token.previousKeyword === INTO && this.#isLoad) {
      state.kind = 'insert'
      state.isBulk = true
      state.expect = Target
      return Continues
    }
    if (state.expect !== Nothing && token.keyword !== ONLY) this.#names.addWord(token)
    return Continues
  }

  addOther(token: TokenReader): void {
    this.#values.follow(token, this.#state.sql, this.#state.rules)
    if (!this.#values.isValue) this.#names.addOther(token)
  }

  /** `CLUSTER i ON t`: the first name is that of an index. */
  #addClusterOn(): void {
    const state = this.#state
    state.targets.tables.length = Math.min(this.#tablesBefore, state.targets.tables.length)
    state.expect = Table
  }

  /** `GRANT SELECT, EXECUTE ON p TO r`; behind the grantee another statement may begin. */
  #isPermission({ previousKeyword, previousKind }: TokenReader, isFirst: boolean): boolean {
    if (!this.#isGrant) return false
    return isFirst || previousKind === Comma || previousKeyword === FOR
  }
}
