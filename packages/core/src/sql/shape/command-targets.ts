import { FollowStep, type StatementFollower } from './statement-follower.js'
import { Keyword } from '../tokens/keywords.js'
import { Level } from './query-levels.js'
import type { QueryTargets } from './query-targets.js'
import type { CommandSyntax } from './statement-kind.js'
import { Expect, type StatementState } from './statement-state.js'
import { isExec } from './summary-words.js'
import type { NameRole, TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'

const { FROM, ONLY } = Keyword
const { Nothing, Table, Target } = Expect
const { CallInBodyBegins, Continues, NextStatementBegins } = FollowStep

/**
 * Follows the other commands. Some work on tables and may contain queries: `LOCK`, `VACUUM`, `COPY (SELECT …) TO`.
 * The rest has no target: `SET`, `COMMIT`, `GRANT`, and the settings of SQLite.
 */
export class CommandTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  readonly #query: QueryTargets
  /** Whether it works on tables. */
  #hasOperands = false
  /** Whether it configures SQLite. */
  #isSetting = false

  constructor(state: StatementState, names: TargetNames, query: QueryTargets) {
    this.#state = state
    this.#names = names
    this.#query = query
  }

  get role(): NameRole | 'setting' {
    return this.#isSetting ? 'setting' : this.#names.role
  }

  /**
   * Begins behind the command.
   *
   * @param isSetting whether it configures SQLite: `PRAGMA`, `ATTACH`
   */
  begin(syntax: CommandSyntax | undefined, isSetting: boolean): void {
    const state = this.#state
    const isOnTables = syntax === 'tables' || syntax === 'targets'
    this.#isSetting = isSetting
    this.#hasOperands = isOnTables && !isSetting
    if (isOnTables) state.expectOperands(syntax === 'targets' ? Target : Table)
    if (!isSetting) return
    state.expect = Nothing
    state.levels.change(Level.LISTS_OPERANDS, 0)
  }

  addWord(token: TokenReader): FollowStep {
    const state = this.#state
    if (this.#hasOperands) {
      // `COPY t FROM`
      const isInput = token.keyword === FROM && state.kind === 'copy' && state.levels.isOutermost
      if (isInput) state.targets.writeAll()
      return this.#query.addWord(token)
    }
    if (state.isEndedBy(token)) return NextStatementBegins
    if (state.rules.batches && isExec(token.keyword)) return CallInBodyBegins
    if (state.expect !== Nothing && token.keyword !== ONLY) this.#names.addWord(token)
    return Continues
  }

  addOther(token: TokenReader): void {
    this.#names.addOther(token)
  }
}
