import { areFindingsDemanded, detectorOf, optionsInScope } from '../findings/detectors-by-scope.js'
import { rememberCall, takeCall } from '../findings/memory/called-statements.js'
import type { StartingQuery, TrackedQuery } from '../findings/memory/tracked-query.js'
import type { ScopeDetector } from '../findings/scope-detector.js'
import { channels } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import { currentScope } from '../scope/scope.js'
import { processState } from '../process-state.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { Session } from './session.js'
import type { Statement } from './statement.js'

/** Whether anything needs findings: a subscriber, or a mode that warns or throws. */
export function isDetecting(): boolean {
  return channels.finding.hasSubscribers || channels.findingOpened.hasSubscribers || areFindingsDemanded()
}

/** The detector of a scope; `undefined` where nothing is to be detected, or nothing needs findings. */
export function detectorFor(
  { detect }: RecordedDatabase,
  scope: Scope | undefined,
): ScopeDetector | undefined {
  if (scope === undefined && detect?.mode === 'throw') warnOfMissingScope()
  if (scope === undefined || scope.ended || !isDetecting()) return undefined
  const options = optionsInScope(scope, detect)
  return options === undefined ? undefined : detectorOf(scope, options)
}

const warnings = processState('warnings', () => ({ ofMissingScope: false }))

/** In the mode `throw` a query outside any scope is not checked: warn once, or the user takes silence for success. */
function warnOfMissingScope(): void {
  if (warnings.ofMissingScope) return
  warnings.ofMissingScope = true
  try {
    console.warn(
      "querylens: detect.mode is 'throw', but a query ran outside any scope and was not checked. Wrap the code in runInScope(name, work).",
    )
  } catch (fault) {
    reportFault('warning of a missing scope', fault)
  }
}

/**
 * Captures the stack of the application's call that has just compiled a statement, if the statement is likely to repeat. The
 * stack shows functions that return a promise without awaiting it, which are gone when the driver gets the statement.
 * Takes a few look-ups for other statements. Never throws.
 *
 * @param statement the object that `recordQuery` or `recordStream` will get
 * @param entryPoint the function that is running; Kysely's query compiler calls it
 */
export function noteCall(
  recorded: RecordedDatabase,
  statement: Statement,
  entryPoint: StartingQuery['entryPoint'],
): void {
  try {
    const scope = currentScope()
    if (scope === undefined || !isDetecting()) return
    const detector = detectorFor(recorded, scope)
    if (detector?.wantsCall(recorded.database, recorded.shapes?.peek(statement.sql)) === true) {
      rememberCall(statement, entryPoint)
    }
  } catch (fault) {
    reportFault('looking for findings', fault)
  }
}

/** @returns `undefined` where nothing is to be detected */
export function openDetection(
  session: Session,
  execution: QueryExecution,
  statement: Statement,
  startedAt: number,
  entryPoint: StartingQuery['entryPoint'],
): QueryDetection | undefined {
  const detector = detectorFor(session, execution.scope)
  if (detector === undefined) return undefined
  const { nameInCode } = session
  const { sql, parameters } = statement
  const query = detector.open({
    execution,
    sql,
    parameters: parameters ?? [],
    nameInCode,
    call: takeCall(statement),
    startedAt,
    entryPoint,
  })
  return new QueryDetection(detector, query)
}

/** One query and the detector that follows it. An error in a detector is a fault of Querylens. */
export class QueryDetection {
  readonly #detector: ScopeDetector
  readonly #query: TrackedQuery

  constructor(detector: ScopeDetector, query: TrackedQuery) {
    this.#detector = detector
    this.#query = query
  }

  /** Right before the driver gets the statement. @throws FindingError in the mode `throw` */
  begin(): void {
    guard(() => this.#detector.queryStarts(this.#query))
  }

  rowsArrive(rows: readonly unknown[] | undefined): void {
    if (Array.isArray(rows)) guard(() => this.#detector.rowsArrive(this.#query, rows))
  }

  /** @param rows of a whole result */
  end(rows: readonly unknown[] | undefined): void {
    guard(() => this.#detector.queryEnds(this.#query, Array.isArray(rows) ? rows : undefined))
  }
}

/** Runs a step of a detector. Its errors become faults; a finding in the mode `throw` is meant to be thrown. */
export function guard(step: () => void): void {
  try {
    step()
  } catch (error) {
    if (isRefusal(error)) throw error
    reportFault('looking for findings', error)
  }
}

/** Whether an error is a finding of the mode `throw`. By its code: each copy of this package has a class of its own. */
export function isRefusal(error: unknown): boolean {
  try {
    return (error as { readonly code?: unknown } | null)?.code === 'QUERYLENS_FINDING'
  } catch {
    // The driver's error has a getter that throws.
    return false
  }
}
