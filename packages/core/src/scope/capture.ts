import type { ResolvedDetectOptions } from '../findings/detect-options.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import { processState } from '../process-state.js'
import type { CapturedStack } from '../stack/captured-stack.js'

/** A statement of the application that belongs to a capture. */
export interface CapturedStatement {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** The stack of the application's call. */
  readonly stack: CapturedStack | undefined
  /** The limits of the kinds of findings that Querylens looks for in its scope; `undefined` with `detect: false`. */
  readonly limits: ResolvedDetectOptions['limits'] | undefined
}

/** What a capture does with what it follows. */
export interface CaptureObserver {
  /**
   * A statement is about to be sent, in the capture or after its end.
   *
   * @throws QuerylensError `QUERYLENS_QUERY_LIMIT` to refuse it: the driver gets nothing. Any other error is a fault
   */
  queryStarts(statement: CapturedStatement, isOpen: boolean): void
  /** Its message is complete. */
  queryEnds(execution: QueryExecution): void
  /** Querylens has rejected a call: by a finding in the mode `throw`, or because {@link queryStarts} refused it. */
  refused(error: unknown): void
}

/**
 * Follows the statements of a scope, of the scopes that were opened in it, of the requests that were sent from it to a server
 * of this process, and of the work that goes on after each of them.
 */
export interface Capture {
  readonly scope: Scope
  readonly observer: CaptureObserver
  /** The capture around it, which follows the same statements. */
  readonly parent: Capture | undefined
  /** Whether it also follows everything in this process that belongs to no other capture. */
  readonly process: boolean
  /** An error that was made where it was opened, for its line. */
  readonly site: Error | undefined
  isOpen: boolean
  /** Requests that are open, connections in use or waited for, and statements that run. */
  operations: number
  /** The scopes of the requests among them. */
  readonly requests: Set<Scope>
  /** Is called when there are none any more. */
  whenIdle: (() => void) | undefined
  /** Ends it and its scope, if it is open. */
  end(failure?: { readonly error: unknown }): void
}

export const captureState: {
  hasAny: boolean
  readonly open: Set<Capture>
  ofProcess: Capture | undefined
} = processState('captures', () => ({
  /** Whether there was a capture in this process, which may have ended. */
  hasAny: false,
  open: new Set<Capture>(),
  /** The capture of everything that belongs to no other one. */
  ofProcess: undefined as Capture | undefined,
}))

/** Whether there was a capture. A statement that comes after its end is late. */
export function hasCaptures(): boolean {
  return captureState.hasAny
}

export function hasOpenCaptures(): boolean {
  return captureState.open.size > 0
}
