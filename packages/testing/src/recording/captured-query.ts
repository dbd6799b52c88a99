import type { CallSite, DatabaseInfo, QueryExecution, QueryOutcome, StatementKind } from '@querylens/core'
import { linesOfStack, type CapturedStatement } from '@querylens/core/internal'

import type { Wording } from './wording.js'

/** The text of a statement that is read to its end has at least so many characters where it is cut. */
const CUT_TEXT = 8_000
/** Of a longer statement the rest is not read. */
const MAX_READ = 1_000_000

/** One statement that the code under test sent. */
export interface CapturedQuery {
  /** The statement without its values: literals are `?`, parameters as `$1`. */
  readonly text: string
  /**
   * Whether `text` ends before the statement: after 8,192 characters, or where Querylens cannot read the statement. It is empty
   * for a system whose rules Querylens does not know.
   */
  readonly truncated: boolean
  /** Such as `select books`. */
  readonly summary: string
  /** Equal for statements that differ in values alone; see `docs/FINGERPRINTS.md`. */
  readonly fingerprint: string
  /**
   * The statement in words, with its tables, conditions, order and limit: `select books where author_id = ?`. Equal where the
   * fingerprint is. Snapshots consist of it.
   */
  readonly wording: string
  /** Such as `select` and `insert`. */
  readonly kind: StatementKind
  /** The tables of the statement, as it names them. */
  readonly tables: readonly string[]
  /** Whether `tables` has all of them: Querylens has read the statement to its end. */
  readonly hasAllTables: boolean
  readonly database: DatabaseInfo
  /** `running` while it runs, and `refused` where Querylens did not send it. */
  readonly outcome: QueryOutcome
  /** In milliseconds; `undefined` while it runs. */
  readonly durationMillis: number | undefined
  /** The name of its scope, such as `GET /books`, and of the capture for a query outside a request or a job. */
  readonly scopeName: string
  /** The lines that lead to it, from the query outwards, at most three. */
  readonly path: readonly CallSite[]
  /** The values of the parameters, with the option `parameters`; otherwise `undefined`. */
  readonly parameters: readonly unknown[] | undefined
}

/** Reads the message of the query on each access, because that fills in as the query proceeds. */
export class RecordedQuery implements CapturedQuery {
  readonly parameters: readonly unknown[] | undefined
  readonly #execution: QueryExecution
  readonly #wording: Wording
  readonly #length: number
  #stack: CapturedStatement['stack']
  #path: readonly CallSite[] | undefined

  /** @param keepsStack `false` for a statement that has run often: its first executions have shown their lines */
  constructor(
    { execution, sql, parameters, stack }: CapturedStatement,
    keepsParameters: boolean,
    keepsStack: boolean,
    wording: Wording,
  ) {
    this.#execution = execution
    this.#wording = wording
    this.#length = sql.length
    this.#stack = keepsStack ? stack : undefined
    this.parameters = keepsParameters ? [...parameters] : undefined
  }

  get text(): string {
    return this.#execution.shape.text
  }

  get truncated(): boolean {
    return this.#execution.shape.truncated
  }

  get summary(): string {
    return this.#execution.shape.summary
  }

  get fingerprint(): string {
    return this.#execution.shape.fingerprint
  }

  get wording(): string {
    return this.#wording.text
  }

  get kind(): StatementKind {
    return this.#execution.shape.kind
  }

  get tables(): readonly string[] {
    return this.#execution.shape.tables
  }

  get hasAllTables(): boolean {
    const { text, truncated } = this.#execution.shape
    return !truncated || (text.length >= CUT_TEXT && this.#length <= MAX_READ)
  }

  get database(): DatabaseInfo {
    return this.#execution.database
  }

  get outcome(): QueryOutcome {
    return this.#execution.outcome
  }

  get durationMillis(): number | undefined {
    return this.#execution.durationMillis
  }

  get scopeName(): string {
    return this.#execution.scope?.name ?? ''
  }

  get path(): readonly CallSite[] {
    if (this.#path === undefined) {
      this.#path = linesOfStack(this.#stack)
      this.#stack = undefined
    }
    return this.#path
  }
}
