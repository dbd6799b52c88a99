import { isQueryLimit, isRefusal } from '../errors.js'
import {
  detectorOf,
  optionsInScope,
  refusingDetectorOf,
  throwsFindings,
} from '../findings/detectors-by-scope.js'
import { rememberCall } from '../findings/memory/called-statements.js'
import type { StartingQuery, TrackedQuery } from '../findings/memory/tracked-query.js'
import { isWithoutFindings } from '../findings/policy/without-findings.js'
import { isCheckable, type ScopeDetector } from '../findings/scope-detector.js'
import { reportFault } from '../messages/faults.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import { stateOfAllRealms } from '../process-state.js'
import { hasCaptures, hasOpenCaptures } from '../scope/capture.js'
import { captureOf, captureRefusal } from '../scope/captures.js'
import { isDetecting } from '../scope/demand.js'
import { currentScope, enteredScope, noteRefusal } from '../scope/scope.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { Session } from './session.js'
import type { Statement } from './statement.js'

/** The detector of a scope; `undefined` where nothing is to be detected, or nothing needs findings. */
export function detectorFor(
  { detect }: RecordedDatabase,
  scope: Scope | undefined,
): ScopeDetector | undefined {
  if (scope === undefined || scope.ended || !isDetecting()) return undefined
  const options = optionsInScope(scope, detect)
  return options === undefined ? undefined : detectorOf(scope, options, hasOpenCaptures())
}

const warnings = stateOfAllRealms('warnings', () => ({ ofMissingScope: false }))

/** Querylens checks queries within a scope: warn once, or the user takes silence for success. */
function warnOfMissingScope({ detect }: RecordedDatabase, execution: QueryExecution): void {
  if (warnings.ofMissingScope || detect === undefined || !isDetecting() || hasOpenCaptures()) return
  // A statement without a table checks whether the database responds.
  if (!isCheckable(execution) || execution.shape.tables.length === 0 || isWithoutFindings()) return
  warnings.ofMissingScope = true
  try {
    console.warn(
      `querylens: a query ran outside any scope and was not checked for findings: ${execution.shape.summary}. Wrap jobs, messages and tests in runInScope(name, work). HTTP requests are scopes with QuerylensInstrumentation, in the modes 'warn' and 'throw', or with scopeHttpRequests(). This warning appears once.`,
    )
  } catch (fault) {
    reportFault('warning of a missing scope', fault)
  }
}

/** The detector of the ended scope that this work came from, if that scope has rejected calls. */
function refusingDetectorFor(
  { detect }: RecordedDatabase,
  scope: Scope | undefined,
): ScopeDetector | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const detector = refusingDetectorOf(at, detect)
    if (detector !== undefined) return detector
  }
  return undefined
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
    if (hasCaptures() && captureOf(enteredScope()) !== undefined) {
      // A capture shows the line of each query, and of each that is late.
      rememberCall(statement, entryPoint)
      return
    }
    if (!isDetecting()) return
    const scope = currentScope()
    if (scope === undefined) {
      // The scope of later work does not exist yet. Its first execution needs the same kind of stack as those that follow.
      if (enteredScope() !== undefined) rememberCall(statement, entryPoint)
      return
    }
    const detector = detectorFor(recorded, scope)
    if (detector?.wantsCall(recorded.database, recorded.shapes?.peek(statement.sql)) === true) {
      rememberCall(statement, entryPoint)
    }
  } catch (fault) {
    reportFault('looking for findings', fault)
  }
}

/** The detectors that follow a query. One of them is there. */
interface QueryDetectors {
  /** `undefined` outside any open scope. */
  readonly detector: ScopeDetector | undefined
  /** The detector of the ended scope that the query came from, if it has rejected calls. */
  readonly refusing: ScopeDetector | undefined
}

/** @returns `undefined` where nothing is to be detected */
export function detectorsOf(session: Session, execution: QueryExecution): QueryDetectors | undefined {
  const refusing = refusingDetectorFor(session, execution.scope ?? enteredScope())
  const detector = detectorFor(session, execution.scope)
  if (execution.scope === undefined && refusing === undefined) warnOfMissingScope(session, execution)
  return detector === undefined && refusing === undefined ? undefined : { detector, refusing }
}

export function openDetection(query: StartingQuery, detectors: QueryDetectors): QueryDetection {
  const { detector, refusing } = detectors
  return new QueryDetection((detector ?? refusing)!.open(query), detectors)
}

/** One query and the detector that follows it. An error in a detector is a fault of Querylens. */
export class QueryDetection {
  readonly #query: TrackedQuery
  /** `undefined` outside any open scope, and for a query that the ended scope rejects. */
  #detector: ScopeDetector | undefined
  readonly #refusing: ScopeDetector | undefined

  constructor(query: TrackedQuery, { detector, refusing }: QueryDetectors) {
    this.#query = query
    this.#detector = detector
    this.#refusing = refusing
  }

  /** Right before the driver gets the statement. @throws FindingError in the mode `throw` */
  begin(): void {
    const detector = this.#detector
    this.#detector = undefined
    guard(() => this.#refusing?.queryStartsLate(this.#query))
    this.#detector = detector
    guard(() => detector?.queryStarts(this.#query))
  }

  rowsArrive(rows: readonly unknown[] | undefined): void {
    if (Array.isArray(rows)) guard(() => this.#detector?.rowsArrive(this.#query, rows))
  }

  /** @param rows of a whole result */
  end(rows: readonly unknown[] | undefined): void {
    guard(() => this.#detector?.queryEnds(this.#query, Array.isArray(rows) ? rows : undefined))
  }
}

/** Runs a step of a detector. Its errors become faults; a refusal is meant to be thrown. */
export function guard(step: () => void): void {
  try {
    step()
  } catch (error) {
    if (isRefusal(error)) throw error
    reportFault('looking for findings', error)
  }
}

/** Runs a step of a detector that may refuse what its scope is about to do, and notes that. */
export function guardIn(scope: Scope | undefined, step: () => void): void {
  try {
    guard(step)
  } catch (error) {
    refuse(scope, error)
    throw error
  }
}

/**
 * Notes a refusal where it ends: the code in between may swallow its error. It ends the scope of the call and, in the mode
 * `throw`, those around it that have asked for that mode.
 */
export function refuse(scope: Scope | undefined, error: unknown): void {
  noteRefusal(scope, error)
  // The captures whose limit it is know it already.
  if (isQueryLimit(error)) return
  for (let at = scope?.parent; at !== undefined; at = at.parent) {
    if (throwsFindings(at)) noteRefusal(at, error)
  }
  captureRefusal(scope, error)
}
