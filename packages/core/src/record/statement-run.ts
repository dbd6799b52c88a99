import { clock, toEpochMillis } from '../clock.js'
import { isRefusal } from '../errors.js'
import type { ResolvedDetectOptions } from '../findings/detect-options.js'
import { takeCall } from '../findings/memory/called-statements.js'
import type { StartingQuery } from '../findings/memory/tracked-query.js'
import { latestIds } from '../ids.js'
import type { Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import type { Mutable } from '../mutable.js'
import type { Capture, CapturedStatement } from '../scope/capture.js'
import {
  captureOf,
  captureOperationEnds,
  captureOperationStarts,
  captureStatement,
  captureStatementEnd,
} from '../scope/captures.js'
import { operationEnds, operationStarts, scopeOfOperation } from '../scope/later-scope.js'
import { captureStack, isExecution } from '../stack/captured-stack.js'
import type { QueryShape } from '../sql/shape/query-shape.js'
import type { Timing } from '../timing.js'
import { isAborted, type CallerSignal } from './caller-signal.js'
import { detectorsOf, openDetection, refuse, type QueryDetection } from './detection.js'
import type { Session } from './session.js'
import { countRows, type RowCounts } from './row-counts.js'
import type { Statement, StatementCall } from './statement.js'
import { finishOperation, startOperation } from './trace-operation.js'

/** How a statement ended, unless it failed or was cancelled. */
type EndedAs = 'completed' | 'stopped' | 'abandoned'

/**
 * One statement on its way through the driver, as a query or as a stream. It opens the message, counts it in its scope and
 * transaction, follows it with the detectors, and publishes the events of `querylens:query`.
 *
 * The protocol: {@link StatementRun.open}, then {@link send}, {@link chunkArrives} for each chunk of a stream,
 * {@link fail} for an error, and {@link end} once.
 */
export class StatementRun {
  readonly #execution: Mutable<QueryExecution> & Activatable
  readonly #signal: CallerSignal
  readonly #startedAt: number
  readonly #timing: Timing | undefined
  readonly #detection: QueryDetection | undefined
  readonly #capture: Capture | undefined
  /** What the capture gets before the statement is sent. */
  readonly #captured: CapturedStatement | undefined

  /** @returns `undefined` where Querylens cannot read the statement: the driver then runs it unseen */
  static open(session: Session, statement: Statement, call: StatementCall): StatementRun | undefined {
    const startedAt = clock.now()
    try {
      return new StatementRun(session, statement, call, session.shapes.get(statement.sql), startedAt)
    } catch (fault) {
      reportFault('reading a statement', fault)
      return undefined
    }
  }

  private constructor(
    session: Session,
    statement: Statement,
    { kind, signal, entryPoint }: StatementCall,
    shape: QueryShape,
    startedAt: number,
  ) {
    const scope: Mutable<Scope> | undefined = scopeOfOperation(session.uses.at(-1)?.use.scope)
    const { transaction } = session
    this.#execution = {
      id: ++latestIds.query,
      kind,
      shape,
      database: session.database,
      scope,
      transaction,
      connectionWaitMillis: session.connectionWaitMillis,
      startTimeMillis: toEpochMillis(startedAt),
      durationMillis: undefined,
      returnedRows: undefined,
      affectedRows: undefined,
      outcome: 'running',
      spanContext: undefined,
      failed: false,
      error: undefined,
      activate: undefined,
    }
    this.#signal = signal
    this.#startedAt = startedAt
    this.#timing = session.transactionTiming
    const isControl = kind === 'transaction_control'
    if (!isControl) {
      const detectors = detectorsOf(session, this.#execution)
      const isCaptured = captureOf(scope) !== undefined
      if (detectors !== undefined || isCaptured) {
        const query: StartingQuery = {
          execution: this.#execution,
          sql: statement.sql,
          parameters: statement.parameters ?? [],
          nameInCode: session.nameInCode,
          call: takeCall(statement),
          startedAt,
          entryPoint,
        }
        if (detectors !== undefined) this.#detection = openDetection(query, detectors)
        if (isCaptured) this.#captured = openCaptured(query, detectors?.detector?.options.limits)
      }
    }
    // Nothing below fails: a statement that is counted is also published.
    session.connectionWaitMillis = undefined
    operationStarts(scope)
    this.#capture = captureOperationStarts(scope)
    this.#timing?.start(startedAt)
    if (isControl) return
    session.figures.queryCount++
    if (scope?.queryCount !== undefined) scope.queryCount++
    if (transaction !== undefined) transaction.queryCount++
  }

  /**
   * Gives the statement to the driver, in the context that subscribers have chosen.
   *
   * @throws what the driver's call throws; FindingError in the mode `throw`, and then the driver gets nothing
   */
  send<Result>(operation: () => Result): Result {
    return startOperation(channels.query, this.#execution, () => {
      if (this.#captured !== undefined) captureStatement(this.#capture, this.#captured)
      this.#detection?.begin()
      return operation()
    })
  }

  /** A chunk of a stream has arrived. */
  chunkArrives(chunk: RowCounts): void {
    const rows = countRows(this.#execution, chunk)
    this.#detection?.rowsArrive(rows)
  }

  /** The driver, the consumer of a stream, or Querylens in the mode `throw`, has thrown. */
  fail(error: unknown): void {
    this.#execution.failed = true
    this.#execution.error = error
    if (isRefusal(error)) refuse(this.#execution.scope, error)
  }

  /**
   * Completes the message and publishes its last events. Never throws.
   *
   * @param result of a query that succeeded
   */
  end(ended: EndedAs, result?: RowCounts): void {
    const durationMillis = clock.now() - this.#startedAt
    finishOperation(channels.query, this.#execution, () => {
      const rows = countRows(this.#execution, result)
      closeExecution(this.#execution, ended, this.#signal, durationMillis)
      this.#timing?.end(this.#startedAt + durationMillis, durationMillis)
      this.#detection?.rowsArrive(rows)
      this.#detection?.end(rows)
    })
    operationEnds(this.#execution.scope)
    if (this.#capture === undefined) return
    if (this.#captured !== undefined) captureStatementEnd(this.#capture, this.#execution)
    captureOperationEnds(this.#capture)
  }
}

function openCaptured(
  query: StartingQuery,
  limits: ResolvedDetectOptions['limits'] | undefined,
): CapturedStatement {
  const { execution, sql, parameters, call, entryPoint } = query
  const stack = call !== undefined && isExecution(call) ? call : captureStack(entryPoint)
  return { execution, sql, parameters, stack, limits }
}

function closeExecution(
  execution: Mutable<QueryExecution>,
  ended: EndedAs,
  signal: CallerSignal,
  durationMillis: number,
): void {
  const scope: Mutable<Scope> | undefined = execution.scope
  execution.durationMillis = durationMillis
  if (isRefusal(execution.error)) execution.outcome = 'refused'
  else if (ended === 'abandoned') execution.outcome = ended
  else if (isAborted(signal)) execution.outcome = 'cancelled'
  else execution.outcome = execution.failed ? 'failed' : ended
  // The three figures are there, or none of them.
  if (scope?.queryCount === undefined || execution.kind === 'transaction_control') return
  scope.queryDurationMillis = (scope.queryDurationMillis ?? 0) + durationMillis
  if (execution.outcome === 'failed') scope.failedQueryCount = (scope.failedQueryCount ?? 0) + 1
}
