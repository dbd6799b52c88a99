import type { QueryExecution } from '../../messages/query-execution.js'
import { backslashEscapesOf } from '../../sql/shape/query-shape.js'
import { literalsOf, NO_LITERALS, type Literals } from '../../sql/tree/literals.js'
import { readTraits, traitsOf, type StatementTraits } from '../../sql/tree/statement-traits.js'
import { isExecution, type CapturedStack } from '../../stack/captured-stack.js'
import type { NameInCode } from '../../name-in-code.js'
import { ParameterKeys } from './parameter-keys.js'
import { MAX_SAMPLED } from './parameter-sample.js'
import type { ReturnedRows } from './returned-rows.js'

/** A statement that is about to be sent. */
export interface StartingQuery {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly nameInCode: NameInCode
  /** The stack of the application's call, if it was captured. */
  readonly call: CapturedStack | undefined
  /** By the monotonic clock. */
  readonly startedAt: number
  /** The recorder's function that is running. The application calls it. */
  readonly entryPoint: (...values: never[]) => unknown
}

/** Is called when a query that it follows ends. */
export interface QueryFollower {
  /** @param now by the monotonic clock */
  queryEnded(query: TrackedQuery, now: number, durationMillis: number): void
}

/** UTF-16 units of text and parameters that an ended query may keep for a later comparison. */
const MAX_KEPT = 4_096

/** One execution, as the detectors of its scope follow it. */
export class TrackedQuery {
  readonly execution: QueryExecution
  readonly nameInCode: NameInCode
  readonly startedAt: number
  readonly entryPoint: StartingQuery['entryPoint']
  /** Number of statements of the scope that had begun before this one. */
  readonly at: number
  /** Whether it can be part of a finding. */
  readonly isChecked: boolean
  /** Whether a finding explains it. */
  isExplained: boolean = false
  /** Where it was called, if that was captured. */
  stack: CapturedStack | undefined = undefined
  /** `undefined` while it runs. */
  durationMillis: number | undefined = undefined
  /** By the monotonic clock; `undefined` while it runs. */
  endedAt: number | undefined = undefined
  /** The turn of the event loop in which it ended. */
  endedTurn: number | undefined = undefined
  /** How long the scope had waited for something else than the database, in milliseconds. */
  idleAtStart: number = 0
  idleAtEnd: number = 0
  /** Whether another statement of the scope was running when it began or when it ended. */
  ranBeside: boolean = false
  /** What the scope remembers of its result. */
  returned: ReturnedRows | undefined = undefined
  readonly #call: CapturedStack | undefined
  #sql: string
  #parameters: readonly unknown[]
  #keys: ParameterKeys | undefined = undefined
  #literals: Literals | undefined = undefined
  #followers: QueryFollower[] | undefined = undefined
  #onRows: ((rows: readonly unknown[] | undefined) => void) | undefined = undefined

  constructor(query: StartingQuery, at: number, isChecked: boolean) {
    this.execution = query.execution
    this.nameInCode = query.nameInCode
    this.startedAt = query.startedAt
    this.entryPoint = query.entryPoint
    this.at = at
    this.isChecked = isChecked
    this.#call = query.call
    this.#sql = query.sql
    this.#parameters = query.parameters
  }

  /** The stack of the application's call, if it was captured and the call executed the statement. */
  get call(): CapturedStack | undefined {
    return this.#call !== undefined && isExecution(this.#call) ? this.#call : undefined
  }

  get parameterCount(): number {
    return this.#parameters.length
  }

  /** Number of its parameters and of the literals in its text, which are read when the statement is executed again. */
  get valueCount(): number {
    return this.parameterCount + this.#readLiterals().count
  }

  /** The keys of its parameters; made when the statement is executed again. */
  get keys(): ParameterKeys {
    return (this.#keys ??= new ParameterKeys(this.#parameters, this.at, this.#readLiterals()))
  }

  /** The second reading of the statement, which is made once for each shape. */
  get traits(): StatementTraits {
    return traitsOf(this.execution.shape, this.#sql)
  }

  /** The same with its literals as parameters behind the others. Querylens does not remember it for other executions. */
  get traitsWithLiterals(): StatementTraits {
    const { shape } = this.execution
    return readTraits(this.#sql, shape.dialect, this.parameterCount, backslashEscapesOf(shape))
  }

  /** Calls `follower` when the query ends. */
  follow(follower: QueryFollower): void {
    if (this.#followers === undefined) this.#followers = [follower]
    else this.#followers.push(follower)
  }

  /** Calls `use` with the rows of the result when they have arrived; with `undefined` where there is no whole result. */
  awaitRows(use: (rows: readonly unknown[] | undefined) => void): void {
    this.#onRows = use
  }

  /** The query has ended with these rows. */
  passRows(rows: readonly unknown[] | undefined): void {
    const use = this.#onRows
    this.#onRows = undefined
    use?.(rows)
  }

  /** The query has ended; its message is complete. */
  end(): void {
    const durationMillis = this.execution.durationMillis ?? 0
    this.durationMillis = durationMillis
    const followers = this.#followers
    this.#followers = undefined
    const now = this.startedAt + durationMillis
    if (followers !== undefined)
      for (const follower of followers) follower.queryEnded(this, now, durationMillis)
  }

  /** Releases text and parameters; {@link keys} then compares by hashes. */
  release(): void {
    this.#keys?.release()
    this.#sql = ''
    this.#parameters = []
    this.#literals = undefined
    this.returned = undefined
  }

  /** Releases text and parameters, but keeps their keys, if they are large or their keys are made already. */
  releaseUnlessSmall(): void {
    this.returned = undefined
    if (this.#keys === undefined && this.#weight() <= MAX_KEPT) return
    void this.keys.sample
    this.keys.keep()
    this.release()
  }

  #readLiterals(): Literals {
    const { shape } = this.execution
    // A text that equals the shape's holds no literal.
    const read = (): Literals =>
      this.#sql === shape.text ? NO_LITERALS : literalsOf(shape, this.#sql, MAX_SAMPLED)
    return (this.#literals ??= read())
  }

  /** Estimates the size of text and parameters in UTF-16 units. */
  #weight(): number {
    let weight = this.#sql.length
    for (const value of this.#parameters) {
      if (typeof value === 'string') weight += value.length
      else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
        // A list or an object may be of any size.
        return Number.POSITIVE_INFINITY
      } else weight += 8
    }
    return weight
  }
}
