import { clock } from '../../clock.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import type { QueryShape } from '../../sql/shape/query-shape.js'
import { Budget } from './budget.js'
import { Pauses } from './pauses.js'
import { RowMemory } from './returned-rows.js'
import { TableWrites } from './table-writes.js'
import type { TrackedQuery } from './tracked-query.js'

const MAX_STATEMENTS = 1_000
const MAX_CALL_SITES = 1_000
const MAX_KEYS = 50_000
const MAX_RESULTS = 5_000

/** A statement that has run more than once, and its executions so far. */
export interface RepeatedShape {
  readonly shape: QueryShape
  readonly count: number
}

/** The memory that the detectors of one scope share, within bounds. Querylens releases it with the scope. */
export class ScopeMemory {
  readonly rows: RowMemory = new RowMemory()
  readonly writes: TableWrites = new TableWrites()
  readonly pauses: Pauses = new Pauses()
  readonly statements: Budget = new Budget(MAX_STATEMENTS)
  readonly callSites: Budget = new Budget(MAX_CALL_SITES)
  readonly parameterKeys: Budget = new Budget(MAX_KEYS)
  readonly results: Budget = new Budget(MAX_RESULTS)
  /** Number of executions that are part of a finding. */
  explained: number = 0
  /** Number of statements that have begun. */
  begun: number = 0
  /** The latest repetition of a statement that claims rows of a queue, by the number of statements before it. */
  latestClaim: number = -1
  /** Transactions that have written: other connections see the writes when the transaction ends. */
  #writers: WeakSet<TransactionExecution> | undefined
  readonly #repeated: RepeatedShape[] = []

  /** A statement is about to be sent. */
  queryStarts(query: TrackedQuery): void {
    const { shape, transaction } = query.execution
    const { at } = query
    this.pauses.queryStarts(query)
    this.writes.note(shape, at)
    if (transaction !== undefined && shape.kind !== 'select') this.#noteWriter(transaction)
  }

  /** The scope begins to wait for a connection, or for a command of a transaction. */
  waitStarts(): void {
    this.pauses.operationStarts(clock.now(), this.begun)
  }

  waitEnds(): void {
    this.pauses.operationEnds(clock.now())
  }

  /** A statement has ended: each statement that has begun by now may or may not have seen its writes. */
  queryEnds(query: TrackedQuery): void {
    const { durationMillis, shape } = query.execution
    this.pauses.queryEnds(query, query.startedAt + (durationMillis ?? 0))
    this.writes.note(shape, this.begun - 1)
  }

  /** A statement called a function that may have written to any table. */
  mayHaveWritten({ execution: { transaction } }: TrackedQuery, at: number): void {
    this.writes.noteUnknown(at)
    if (transaction !== undefined) this.#noteWriter(transaction)
  }

  transactionEnds(transaction: TransactionExecution): void {
    if (this.#writers?.has(transaction) === true) this.writes.noteUnknown(this.begun - 1)
  }

  /** A statement runs for the second time. */
  statementRepeats(statement: RepeatedShape): void {
    this.#repeated.push(statement)
  }

  /** The most frequent statements among those that ran more than once. */
  mostFrequent(limit: number): readonly RepeatedShape[] {
    return this.#repeated.toSorted((a, b) => b.count - a.count).slice(0, limit)
  }

  #noteWriter(transaction: TransactionExecution): void {
    this.#writers ??= new WeakSet()
    this.#writers.add(transaction)
  }
}
