import type { DatabaseInfo } from '../messages/database-info.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import type { TransactionExecution } from '../messages/transaction-execution.js'
import type { QueryShape } from '../sql/shape/query-shape.js'
import type { ResolvedDetectOptions } from './detect-options.js'
import type { Detector, DetectorContext, DetectorFactory } from './kinds/detector.js'
import { KINDS } from './kinds.js'
import { ScopeMemory } from './memory/scope-memory.js'
import { TrackedQuery, type StartingQuery } from './memory/tracked-query.js'
import { isWithoutFindings } from './policy/without-findings.js'
import type { EntryPoint } from './report/finding-error.js'
import { FindingLedger } from './report/finding-ledger.js'

/** Tables that the application does not query itself: catalogs, and the tables of Kysely's migrations. */
const SYSTEM_TABLE = /^(?:pg_|information_schema|sqlite_|kysely_migration)|\.(?:pg_|kysely_migration)/

/**
 * The first hundred scopes of a process, and every sixteenth after them, capture the stack of every statement that may
 * become part of a loop. The other scopes capture stacks of statements that were part of a loop in some scope, so that a
 * healthy scope pays nothing.
 */
const samplesStacks = ({ id }: Scope): boolean => id <= 100 || id % 16 === 0

/**
 * Passes the queries, transactions and waits of one scope to its detectors. Keys of parameters and values of rows stay
 * within bounds, go with the scope, and never become part of a message.
 */
export class ScopeDetector {
  readonly options: ResolvedDetectOptions
  readonly #memory = new ScopeMemory()
  readonly #ledger: FindingLedger
  readonly #detectors: DetectorsByMoment

  /** @param capturesStacks whether it captures the stack of each statement, whatever the options say */
  constructor(scope: Scope, options: ResolvedDetectOptions, capturesStacks: boolean) {
    this.options = options
    this.#ledger = new FindingLedger(scope, options, KINDS)
    this.#detectors = createDetectors(options.factories, {
      scope,
      mode: options.mode,
      limits: options.limits,
      memory: this.#memory,
      ledger: this.#ledger,
      capturesStacks: capturesStacks || options.alwaysCaptures || samplesStacks(scope),
    })
  }

  /** Whether the stack of a call that has compiled a query is wanted. */
  wantsCall(database: DatabaseInfo, shape: QueryShape | undefined): boolean {
    return this.#detectors.wantsCall.some((detector) => detector.wantsCall(database, shape))
  }

  /** Begins to follow a query that is about to be sent. */
  open(query: StartingQuery): TrackedQuery {
    return new TrackedQuery(query, this.#memory.begun++, isCheckable(query.execution) && !isWithoutFindings())
  }

  /**
   * A query is about to be sent.
   *
   * @throws FindingError in the mode `throw`
   */
  queryStarts(query: TrackedQuery): void {
    this.#memory.queryStarts(query)
    if (!query.isChecked) return
    for (const detector of this.#detectors.queryStarts) detector.queryStarts(query)
  }

  /** Rows have arrived: all rows of a result, or one chunk of a stream. */
  rowsArrive(query: TrackedQuery, rows: readonly unknown[]): void {
    for (const detector of this.#detectors.rowsArrive) detector.rowsArrive(query, rows)
  }

  /** A query has ended with any outcome; its message is complete. */
  queryEnds(query: TrackedQuery, rows: readonly unknown[] | undefined): void {
    this.#memory.queryEnds(query)
    if (query.isChecked) for (const detector of this.#detectors.queryEnds) detector.queryEnds(query, rows)
    query.end()
  }

  /**
   * The application is about to ask the pool for a connection.
   *
   * @throws FindingError in the mode `throw`
   */
  connectionRequested(database: DatabaseInfo, entryPoint: EntryPoint): void {
    if (!isWithoutFindings()) {
      for (const detector of this.#detectors.connectionRequested) {
        detector.connectionRequested(database, entryPoint)
      }
    }
    this.#memory.waitStarts()
  }

  /** The pool handed a connection out, after a wait. */
  connectionWaited(database: DatabaseInfo, waitMillis: number): void {
    this.#memory.waitEnds()
    if (isWithoutFindings()) return
    for (const detector of this.#detectors.connectionWaited) detector.connectionWaited(database, waitMillis)
  }

  /** The driver sends a command of a transaction. */
  commandStarts(): void {
    this.#memory.waitStarts()
  }

  commandEnds(): void {
    this.#memory.waitEnds()
  }

  /** A transaction has ended; its message is complete. */
  transactionEnds(transaction: TransactionExecution): void {
    this.#memory.transactionEnds(transaction)
    if (isWithoutFindings()) return
    for (const detector of this.#detectors.transactionEnds) detector.transactionEnds(transaction)
  }

  /**
   * A query of this scope is about to be sent after its end, such as the rest of a parallel loop.
   *
   * @throws FindingError in the mode `throw`, if it is part of a finding that has rejected a call
   */
  queryStartsLate(query: TrackedQuery): void {
    if (!query.isChecked) return
    for (const detector of this.#detectors.queryStartsLate) detector.queryStartsLate(query)
  }

  /** Whether it has rejected a call. */
  get hasRefused(): boolean {
    return this.#ledger.hasRefused
  }

  /** The scope has ended: publishes its findings with their final figures. */
  close(durationMillis: number): void {
    for (const detector of this.#detectors.scopeEnds) detector.scopeEnds()
    this.#ledger.close(durationMillis)
  }
}

type Moment = keyof Detector

/** The detectors that implement each moment, so that a query costs nothing for the others. */
type DetectorsByMoment = { readonly [M in Moment]-?: Required<Pick<Detector, M>>[] }

function createDetectors(factories: readonly DetectorFactory[], context: DetectorContext): DetectorsByMoment {
  const by: DetectorsByMoment = {
    wantsCall: [],
    queryStarts: [],
    rowsArrive: [],
    queryEnds: [],
    transactionEnds: [],
    connectionRequested: [],
    connectionWaited: [],
    scopeEnds: [],
    queryStartsLate: [],
  }
  for (const factory of factories) {
    const detector = factory(context)
    for (const moment of Object.keys(by) as Moment[]) {
      if (detector[moment] !== undefined) by[moment].push(detector as Required<Detector>)
    }
  }
  return by
}

/** Whether a statement can be part of a finding: the application reads or writes rows with it. */
export function isCheckable({ shape }: QueryExecution): boolean {
  switch (shape.kind) {
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return !shape.tables.some((table) => SYSTEM_TABLE.test(table.toLowerCase()))
    default:
      return false
  }
}
