import { CallTargets } from './call-targets.js'
import { CommandTargets } from './command-targets.js'
import { CteStep } from './cte-names.js'
import { FollowStep, type StatementFollower, type TokenRole } from './statement-follower.js'
import { Keyword, WordFact } from '../tokens/keywords.js'
import type { LexicalRules } from '../tokens/dialect.js'
import { ObjectTargets } from './object-targets.js'
import type { OperationTargets } from './operation-targets.js'
import { QueryTargets } from './query-targets.js'
import { commandOf, type Command, type StatementKind } from './statement-kind.js'
import { Expect, StatementState } from './statement-state.js'
import { EXPLAIN_OPTIONS, isBulkInsert, KIND_OF, SETTINGS } from './summary-words.js'
import { TargetNames } from './target-names.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { CloseParenthesis, Comma, Dot, OpenParenthesis, Semicolon, Word } = TokenKind
const { WITH } = Keyword
const { EndsTables } = WordFact
const { Nothing, Other } = Expect
const { BodyBegins, Ended, Part } = CteStep
const { CallBegins, CallInBodyBegins, Continues, NextStatementBegins } = FollowStep

/**
 * Finds the operations in a text and the tables that they work on. It separates the statements of the text and
 * selects a follower for each by the first word.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export class Summary {
  readonly #targets: OperationTargets
  readonly #state: StatementState
  readonly #names: TargetNames
  readonly #query: QueryTargets
  readonly #object: ObjectTargets
  readonly #call: CallTargets
  readonly #command: CommandTargets
  /** Follows the current statement. */
  #follower: StatementFollower
  /** How many statements have begun. */
  #statements = 0
  /** Whether the next word is the first of a statement, or the first behind `WITH …` or `EXPLAIN`. */
  #isStart = true
  /** Whether the last statement has ended and the next one has not begun. */
  #hasEnded = true
  #rememberedKind: StatementKind = 'unknown'
  #rememberedStatements = 0

  /** @param targets receives the operations and their targets */
  constructor(targets: OperationTargets) {
    this.#targets = targets
    const state = (this.#state = new StatementState(targets))
    const names = (this.#names = new TargetNames(state))
    this.#follower = this.#query = new QueryTargets(state, names)
    this.#object = new ObjectTargets(state, names, this.#query)
    this.#call = new CallTargets(state, names)
    this.#command = new CommandTargets(state, names, this.#query)
  }

  /** Begins a text. */
  begin(sql: string, rules: LexicalRules): void {
    this.#targets.reset()
    this.#state.sql = sql
    this.#state.rules = rules
    this.#names.role = undefined
    this.#statements = 0
    this.#reset()
    this.#hasEnded = true
  }

  /** Releases the text for garbage collection. */
  release(): void {
    this.#state.sql = ''
  }

  /** What the token that was added last is, if it looks like a name. */
  get role(): TokenRole {
    return this.#follower.role
  }

  /** Whether the latest token belongs to a query, rather than to a command with arguments or values. */
  get isInQuery(): boolean {
    return this.#follower === this.#query
  }

  /** What the statement that is being read does. */
  get statementKind(): StatementKind {
    return this.#state.kind
  }

  /** What the whole text does. */
  get kind(): StatementKind {
    return this.#statements > 1 ? 'several' : this.#state.kind
  }

  /** Whether PostgreSQL's EXPLAIN gives a plan for it. @see https://www.postgresql.org/docs/current/sql-explain.html */
  get isExplainable(): boolean {
    switch (this.kind) {
      case 'select':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        return !this.#state.isBulk
      default:
        return this.kind === 'schema' && this.#state.createsFromQuery
    }
  }

  /** Remembers what was read so far. */
  remember(): void {
    this.#targets.remember()
    this.#rememberedKind = this.#state.kind
    this.#rememberedStatements = this.#statements
  }

  /** Forgets what was read since {@link remember}. Only the end of the text may follow. */
  goBack(): void {
    this.#targets.goBack()
    this.#state.kind = this.#rememberedKind
    this.#statements = this.#rememberedStatements
    this.#names.reset()
  }

  /** Follows one token. The last one is the end of the text. */
  add(token: TokenReader): void {
    this.#names.role = undefined
    // Most tokens are columns, operators and values. To skip them here saves 3 % of the time for a whole text.
    if (!mayChangeQuery(token) && this.#skipsOther) return
    this.#follow(token)
  }

  /** Whether the token is in a query, but not where a table may be. */
  get #skipsOther(): boolean {
    return (
      this.#state.expect === Nothing &&
      this.#follower === this.#query &&
      !this.#names.isOpen &&
      !this.#isStart &&
      this.#state.ctes.isIdle
    )
  }

  #follow(token: TokenReader): void {
    const state = this.#state
    if (this.#names.isOpen && this.#names.follow(token)) return
    if (!state.ctes.isIdle && this.#followCtes(token)) return
    switch (token.kind) {
      case Word:
        if (token.isConstant) break
        if (this.#hasEnded) this.#beginStatement()
        if (this.#isStart) this.#addFirstWord(token)
        else this.#change(this.#follower.addWord(token), token)
        return
      case Comma:
        state.addComma()
        return
      case OpenParenthesis:
        if (this.#hasEnded) this.#beginStatement()
        state.openParenthesis()
        return
      case CloseParenthesis:
        // The name of the next CTE is no argument of a call in this one.
        if (state.closeParenthesis() && this.#follower === this.#call) this.#follower = this.#query
        return
      case Semicolon:
        if (state.hasBody || (state.holdsStatements && !state.levels.isOutermost)) return
        this.#hasEnded = this.#isStart = true
        return
    }
    this.#follower.addOther(token)
  }

  /** @returns whether the token belongs to a `WITH` itself */
  #followCtes(token: TokenReader): boolean {
    const state = this.#state
    switch (state.ctes.follow(token, state.sql, state.levels.depth)) {
      case Part:
        return true
      case BodyBegins: {
        const { forgotten } = state.ctes
        if (forgotten !== undefined) state.targets.forgetTable(forgotten)
        state.openCteBody()
        return true
      }
      case Ended:
        this.#isStart = true
    }
    return false
  }

  #beginStatement(): void {
    // `begin` has reset everything for the first one.
    if (this.#statements++ > 0) this.#reset()
    this.#hasEnded = false
  }

  /** Forgets the last statement. The followers of objects, calls and commands begin when they are selected. */
  #reset(): void {
    this.#isStart = true
    this.#state.reset()
    this.#names.reset()
    this.#query.begin()
    this.#follower = this.#query
  }

  #change(step: FollowStep, token: TokenReader): void {
    switch (step) {
      case Continues:
        return
      case CallBegins:
        this.#follower = this.#call
        this.#call.begin()
        return
      case CallInBodyBegins:
        this.#follower = this.#call
        this.#call.beginInBody()
        return
      case NextStatementBegins: {
        const { isBatch } = this.#state
        this.#beginStatement()
        this.#state.isBatch = isBatch
        this.#addFirstWord(token)
      }
    }
  }

  #addFirstWord(token: TokenReader): void {
    const state = this.#state
    const kind = KIND_OF.get(token.keyword)
    this.#isStart = false
    if (kind !== undefined) return this.#query.addOperation(token, kind)
    if (token.keyword === WITH) return state.beginCtes()
    const written = state.textOf(token)
    const word = written.toLowerCase()
    const command = commandOf(word, state.sql, token.end)
    if (command === undefined && state.rules.batches) return this.#beginCall(token, written)
    if (state.kind === 'explain' && (command === undefined || EXPLAIN_OPTIONS.has(word))) {
      this.#isStart = true
      return
    }
    if (state.kind === 'unknown') state.kind = command?.kind ?? 'unknown'
    this.#beginCommand(command, written, word)
  }

  /** T-SQL needs no `EXEC` in the first statement of a batch. */
  #beginCall(token: TokenReader, written: string): void {
    if (isBulkInsert(this.#state.sql, token)) {
      this.#state.prefix = `${written} `
      this.#state.isBulk = this.#isStart = true
      return
    }
    if (this.#state.kind === 'unknown') this.#state.kind = 'call'
    this.#follower = this.#call
    this.#call.beginWithName(token)
  }

  #beginCommand(command: Command | undefined, written: string, word: string): void {
    const state = this.#state
    const { batches, quotedSettings } = state.rules
    if (command?.syntax === 'condition') {
      state.isBatch = true
      return
    }
    if (command?.syntax === 'object') {
      this.#follower = this.#object
      this.#object.begin(written)
      return
    }
    state.endsAtCommand = batches && command?.kind !== 'schema'
    this.#names.addOperation(written)
    switch (command?.syntax) {
      case 'statement':
        this.#isStart = command.kind === 'explain'
        return
      case 'name':
        state.expect = Other
        // In other dialects the arguments are expressions, as in a query.
        if (batches) {
          this.#follower = this.#call
          this.#call.begin()
        }
        return
      default:
        this.#follower = this.#command
        this.#command.begin(word, command?.syntax, quotedSettings && SETTINGS.has(word))
    }
  }
}

/** Whether the token may change what a query expects: a keyword, a comma or a bracket. */
function mayChangeQuery(token: TokenReader): boolean {
  const { kind } = token
  if (kind === Word) return token.keyword !== 0 || token.has(EndsTables)
  return kind >= Comma && kind !== Dot
}
