import { FollowStep, type StatementFollower } from './statement-follower.js'
import { Keyword, WordFact } from '../tokens/keywords.js'
import { Level } from './query-levels.js'
import type { StatementKind } from './statement-kind.js'
import { Expect, type StatementState } from './statement-state.js'
import { KIND_OF } from './summary-words.js'
import type { NameRole, TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { CloseParenthesis, OpenParenthesis, QuotedIdentifier, Word } = TokenKind
const {
  ALL,
  APPLY,
  AS,
  DELETE,
  DISTINCT,
  EXCEPT,
  EXEC,
  EXECUTE,
  FOR,
  FROM,
  GROUP,
  INSERT,
  INTERSECT,
  INTO,
  JOIN,
  LATERAL,
  MERGE,
  ON,
  ONLY,
  OR,
  ORDER,
  OUTPUT,
  SELECT,
  STRAIGHT_JOIN,
  SYSTEM_TIME,
  TABLE,
  THEN,
  UNION,
  UPDATE,
  USING,
  VALUES,
  WITH,
} = Keyword
const { EndsTables, Reserved } = WordFact
const { Nothing, Source, Target } = Expect
const { CallBegins, Continues, NextStatementBegins } = FollowStep
const { HAS_OPERATION, HAS_USING, IS_CTE_BODY, LISTS_OPERANDS, LISTS_SOURCES } = Level

/**
 * Follows `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `VALUES` and `TABLE` with their subqueries, CTEs and joins.
 * It also follows the query of a view, a cursor or a `COPY`.
 */
export class QueryTargets implements StatementFollower {
  readonly #state: StatementState
  readonly #names: TargetNames
  /** Whether it is between a `JOIN` and its condition. */
  #isJoinOpen = false

  constructor(state: StatementState, names: TargetNames) {
    this.#state = state
    this.#names = names
  }

  get role(): NameRole {
    return this.#names.role
  }

  /** Begins a statement. */
  begin(): void {
    this.#isJoinOpen = false
  }

  addOther(token: TokenReader): void {
    this.#names.addOther(token)
  }

  /** Adds a command, such as `SELECT`, wherever it is in the statement. */
  addOperation(token: TokenReader, kind: StatementKind): void {
    const state = this.#state
    const written = state.textOf(token)
    this.#names.addOperation(state.prefix === '' ? written : state.prefix + written)
    state.prefix = ''
    if (state.ctes.depth === 0) {
      if (state.kind === 'unknown') state.kind = kind
      else if (state.createsTable) state.createsFromQuery = true
    }
    const { levels } = state
    levels.change(~IS_CTE_BODY, HAS_OPERATION)
    state.hasTarget = false
    state.listsTargets = false
    switch (token.keyword) {
      case SELECT:
      case VALUES:
        state.expect = Nothing
        return
      case TABLE:
        state.expect = Source
        return
      case UPDATE:
        levels.change(0, LISTS_OPERANDS)
        break
      case DELETE:
        levels.change(0, LISTS_OPERANDS | HAS_USING)
        break
      case MERGE:
        levels.change(0, HAS_USING)
    }
    state.expect = state.operands = Target
  }

  addWord(token: TokenReader): FollowStep {
    const state = this.#state
    const { levels } = state
    const { keyword } = token
    switch (keyword) {
      case 0:
      // `UPDATE OR IGNORE t`
      case OR:
        if (token.has(EndsTables)) break
        if (state.expect !== Nothing) this.#names.addWord(token)
        return Continues
      case SELECT:
        this.addOperation(token, 'select')
        return Continues
      case VALUES:
      case INSERT:
      case UPDATE:
      case DELETE:
      case MERGE:
        if (this.#isName(token)) return this.#addName(token)
        if (this.#isNextStatement(token)) return NextStatementBegins
        if (!this.#isHead(token)) break
        this.addOperation(token, KIND_OF.get(keyword)!)
        return Continues
      case EXEC:
      case EXECUTE:
        if (!state.rules.batches) return state.expect === Nothing ? Continues : this.#addName(token)
        // `INSERT INTO t EXEC p`
        if (state.kind !== 'insert') return NextStatementBegins
        this.#names.addOperation(state.textOf(token))
        return CallBegins
      case WITH:
        state.beginCtes()
        break
      case FROM:
        this.#addFrom(token)
        return Continues
      case JOIN:
      case STRAIGHT_JOIN:
      case APPLY:
        if (keyword === APPLY && this.#isName(token)) return this.#addName(token)
        if (!this.#isJoin(token)) return Continues
        this.#isJoinOpen = true
        // `UPDATE a JOIN b SET …` may set columns of both.
        state.expect = state.kind === 'update' && levels.has(LISTS_OPERANDS) ? Target : Source
        return Continues
      case INTO:
        if (levels.has(HAS_OPERATION)) state.expect = Target
        return Continues
      case USING:
        state.expect = Nothing
        if (levels.has(HAS_USING) && !this.#isJoinOpen) {
          state.listsTargets = true
          this.#expectSources()
        }
        this.#isJoinOpen = false
        return Continues
      case ON:
        this.#isJoinOpen = false
        break
      case ONLY:
      case LATERAL:
        return Continues
      case TABLE:
        this.#addTable(token)
        return Continues
      case ORDER:
      case GROUP:
        // MySQL's `USE INDEX FOR ORDER BY (i)`
        if (token.previousKeyword !== FOR) break
        this.#continueSources()
        return Continues
      case SYSTEM_TIME:
        if (token.previousKeyword !== FOR) break
        this.#continueSources()
        return Continues
      case OUTPUT:
        if (state.expect !== Nothing) return this.#addName(token)
        if (!state.rules.batches) return Continues
        // The columns behind it are no targets: `DELETE FROM t OUTPUT deleted.a, deleted.b`.
        levels.change(LISTS_SOURCES | LISTS_OPERANDS, 0)
        break
      default:
        if (state.expect === Nothing || token.has(Reserved | EndsTables)) break
        this.#names.addWord(token)
        return Continues
    }
    if (token.has(EndsTables)) levels.change(LISTS_SOURCES | LISTS_OPERANDS, 0)
    state.expect = Nothing
    return Continues
  }

  /** Whether a command is a name because a name is expected: `FROM merge`. SQL Server reserves all commands. */
  #isName({ previousKind }: TokenReader): boolean {
    const { expect, rules } = this.#state
    return expect !== Nothing && !rules.batches && previousKind !== OpenParenthesis
  }

  #addName(token: TokenReader): FollowStep {
    this.#names.addWord(token)
    return Continues
  }

  /** Whether the word joins tables, unlike in `USE INDEX FOR JOIN (i)` and `SELECT STRAIGHT_JOIN a`. */
  #isJoin({ keyword, previousKeyword }: TokenReader): boolean {
    if (keyword === STRAIGHT_JOIN) return this.#state.levels.has(LISTS_SOURCES | LISTS_OPERANDS)
    if (previousKeyword !== FOR) return true
    this.#continueSources()
    return false
  }

  /** Continues the list of tables behind a `FOR` that belongs to one of them. */
  #continueSources(): void {
    this.#state.expect = Nothing
    this.#state.levels.change(0, LISTS_SOURCES)
  }

  /** Whether the command begins a query, unlike the `UPDATE` of `FOR UPDATE` or the name of a function. */
  #isHead({ keyword, previousKeyword, previousKind }: TokenReader): boolean {
    const { isBatch, kind, levels } = this.#state
    if (previousKind === OpenParenthesis) return levels.has(IS_CTE_BODY | LISTS_SOURCES)
    switch (previousKeyword) {
      case AS:
        // `CREATE TABLE t AS`, `PREPARE p AS`; in other statements an alias follows.
        return kind === 'schema' || kind === 'utility'
      case ALL:
      case UNION:
      case EXCEPT:
      case INTERSECT:
        return true
      case FOR:
      case ON:
      // `MERGE … WHEN MATCHED THEN DELETE`
      case THEN:
        return false
      default:
        return isBatch && keyword !== VALUES && keyword !== TABLE
    }
  }

  /** Whether the command begins a statement of a batch, with no semicolon in front of it. */
  #isNextStatement({ keyword, previousKeyword }: TokenReader): boolean {
    const { kind, levels, rules } = this.#state
    if (!rules.batches || kind === 'merge' || !levels.isOutermost) return false
    if (keyword === VALUES) return false
    switch (previousKeyword) {
      case FOR:
      case ON:
      case AS:
      case THEN:
        return false
      default:
        return true
    }
  }

  #addTable(token: TokenReader): void {
    const { expect, kind, targets } = this.#state
    if (token.previousKind === OpenParenthesis || this.#isHead(token) || this.#isInsertion(token)) {
      this.addOperation(token, 'select')
      return
    }
    // `TRUNCATE TABLE t` precedes a name, `FROM TABLE (…)` calls a function.
    if (expect === Source && targets.hasOperation && kind !== 'utility') this.#names.begin(token)
  }

  /** `INSERT INTO t TABLE u` */
  #isInsertion({ previousKind }: TokenReader): boolean {
    if (this.#state.kind !== 'insert') return false
    return previousKind === Word || previousKind === QuotedIdentifier || previousKind === CloseParenthesis
  }

  #addFrom({ previousKeyword }: TokenReader): void {
    const state = this.#state
    const { levels } = state
    // `DELETE FROM`: the target is expected already.
    if (previousKeyword === DELETE) return
    // `DELETE TOP (10) FROM t`
    if (levels.has(HAS_USING) && !state.hasTarget) {
      state.expect = Target
      return
    }
    state.listsTargets = levels.has(HAS_USING)
    // `EXTRACT(year FROM …)`, `IS DISTINCT FROM`
    if (levels.has(HAS_OPERATION) && previousKeyword !== DISTINCT) this.#expectSources()
    else state.expect = Nothing
  }

  #expectSources(): void {
    this.#state.expect = Source
    this.#state.levels.change(LISTS_OPERANDS, LISTS_SOURCES)
  }
}
