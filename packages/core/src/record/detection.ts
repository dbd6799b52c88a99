import { channels } from '../messages/channels.js'
import type { TrackedQuery } from '../findings/tracked-query.js'
import type { ScopeDetector } from '../findings/scope-detector.js'
import { areFindingsDemanded, detectorOf, findingOptionsOf } from '../findings/detectors-by-scope.js'
import { reportFault } from '../messages/faults.js'
import type { Scope } from '../messages/scope.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { Session } from './session.js'

/** A statement as an adapter is handed it; structurally Kysely's `CompiledQuery`. */
export interface Statement {
  readonly sql: string
  readonly parameters?: readonly unknown[]
}

/** Whether anybody wants to know of findings. */
export function isLookingForFindings(): boolean {
  return channels.finding.hasSubscribers || areFindingsDemanded()
}

/** The detector of a scope, if there is anything to find and anybody who wants to know. */
export function detectorFor(
  { findings }: RecordedDatabase,
  scope: Scope | undefined,
): ScopeDetector | undefined {
  if (scope === undefined && findings?.mode === 'throw') warnOfScope()
  if (scope === undefined || scope.ended || !isLookingForFindings()) return undefined
  const options = findingOptionsOf(scope, findings)
  return options === undefined ? undefined : detectorOf(scope, options)
}

let hasWarned = false

/** Who asks for errors, and then sends statements where nobody looks, would take silence for health. */
function warnOfScope(): void {
  if (hasWarned) return
  hasWarned = true
  try {
    console.warn(
      'querylens: findings are to be thrown, but a statement was sent outside of any scope, where nothing is looked for: run it in runInScope(name, work).',
    )
  } catch (fault) {
    reportFault('warning of a missing scope', fault)
  }
}

/** One statement's way through the detector of its scope. What goes wrong on it is a fault of ours, and counted. */
export interface Detection {
  /** Right before the statement is sent. @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw` */
  begin(): void
  takeRows(rows: readonly unknown[] | undefined): void
  end(rows: readonly unknown[] | undefined): void
}

/** @returns `undefined` where nothing is looked for */
export function openDetection(
  session: Session,
  execution: QueryExecution,
  { sql, parameters }: Statement,
  startedAt: number,
  entryPoint: (...values: never[]) => unknown,
): Detection | undefined {
  const detector = detectorFor(session, execution.scope)
  if (detector === undefined) return undefined
  let step: TrackedQuery | undefined
  return {
    begin: () =>
      guard(() => {
        const { nameInCode } = session
        step = detector.open({
          execution,
          sql,
          parameters: parameters ?? [],
          nameInCode,
          startedAt,
          entryPoint,
        })
        detector.begin(step)
      }),
    takeRows: (rows) =>
      guard(() => {
        if (step !== undefined && Array.isArray(rows)) detector.takeRows(step, rows)
      }),
    end: (rows) =>
      guard(() => {
        if (step !== undefined) detector.end(step, Array.isArray(rows) ? rows : undefined)
      }),
  }
}

/** Runs a step of a detector: a fault in it is ours, but a finding may be meant to be thrown. */
export function guard(step: () => void): void {
  try {
    step()
  } catch (error) {
    // By its code: a bundled application has a class of its own for it.
    if (isRefusal(error)) throw error
    reportFault('looking for findings', error)
  }
}

/** Whether somebody has asked for findings to be thrown, and this is one. */
export function isRefusal(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 'QUERYLENS_FINDING'
}
