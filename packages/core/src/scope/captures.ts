import { clock } from '../clock.js'
import { isRefusal } from '../errors.js'
import { throwsFindings } from '../findings/detectors-by-scope.js'
import { reportFault } from '../messages/faults.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Scope } from '../messages/scope.js'
import { captureState as state, type Capture, type CapturedStatement } from './capture.js'
import { captureOfScope, enteredScope, setCapture } from './scope.js'

/**
 * The innermost capture that follows what begins in a scope. One that has ended keeps its late work, beside one of the
 * process.
 */
export function captureOf(scope: Scope | undefined): Capture | undefined {
  if (!state.hasAny) return undefined
  return (scope === undefined ? undefined : captureOfScope(scope)) ?? state.ofProcess
}

/** The scope of statements and requests outside any scope, while the whole process is captured. */
export function scopeOfProcess(): Scope | undefined {
  return state.ofProcess?.scope
}

/** The open captures. */
export function openCaptures(): ReadonlySet<Capture> {
  return state.open
}

/** Begins to follow a scope. */
export function beginCapture(own: Pick<Capture, 'scope' | 'observer' | 'process' | 'site' | 'end'>): Capture {
  const { scope, process } = own
  const around = captureOf(scope)
  const parent = innermostOpen(around) === undefined ? undefined : around
  const capture: Capture = {
    ...own,
    parent,
    isOpen: true,
    operations: 0,
    requests: new Set(),
    whenIdle: undefined,
  }
  setCapture(scope, capture)
  state.hasAny = true
  state.open.add(capture)
  if (process) state.ofProcess = capture
  return capture
}

/** What begins from now on is late. The captures inside end as well: that of a test that has timed out never ends itself. */
export function endCapture(capture: Capture): void {
  capture.isOpen = false
  for (const inner of state.open) if (inner.parent === capture) inner.end()
  state.open.delete(capture)
  if (state.ofProcess !== capture) return
  state.ofProcess = [...state.open].findLast(({ process }) => process)
}

/**
 * An operation has begun that a capture waits for.
 *
 * @returns the capture, for {@link captureOperationEnds}
 */
export function captureOperationStarts(scope: Scope | undefined): Capture | undefined {
  const capture = captureOf(scope)
  for (let at = capture; at !== undefined; at = at.parent) at.operations++
  return capture
}

export function captureOperationEnds(capture: Capture | undefined): void {
  for (let at = capture; at !== undefined; at = at.parent) {
    at.operations--
    noteIdle(at)
  }
}

/**
 * A server of this process has begun with a request.
 *
 * @returns a function that ends it
 */
export function captureRequestStarts(scope: Scope): () => void {
  const capture = captureOperationStarts(scope)
  for (let at = capture; at !== undefined; at = at.parent) at.requests.add(scope)
  return () => {
    for (let at = capture; at !== undefined; at = at.parent) at.requests.delete(scope)
    captureOperationEnds(capture)
  }
}

/** Calls `whenIdle` soon, if no operation runs. Work that goes on with a result begins its next operation before. */
export function noteIdle({ operations, whenIdle }: Capture): void {
  if (operations === 0 && whenIdle !== undefined) clock.setImmediate(whenIdle)
}

/**
 * Passes a statement that is about to be sent to a capture and to those around it.
 *
 * @throws QuerylensError `QUERYLENS_QUERY_LIMIT` where one of them refuses it
 */
export function captureStatement(capture: Capture | undefined, statement: CapturedStatement): void {
  let refusal: unknown
  for (let at = capture; at !== undefined; at = at.parent) {
    try {
      at.observer.queryStarts(statement, at.isOpen)
    } catch (error) {
      if (isRefusal(error)) {
        refusal ??= error
        tellRefusal(at, error)
      } else reportFault('capturing a query', error)
    }
  }
  if (refusal !== undefined) throw refusal
}

export function captureStatementEnd(capture: Capture | undefined, execution: QueryExecution): void {
  for (let at = capture; at !== undefined; at = at.parent) {
    try {
      at.observer.queryEnds(execution)
    } catch (fault) {
      reportFault('capturing a query', fault)
    }
  }
}

/**
 * Notes that Querylens has rejected a call of a scope because of a finding: for the innermost capture, and for each around it
 * that has asked for the mode `throw`. The others may expect that the inner one rejects.
 */
export function captureRefusal(scope: Scope | undefined, error: unknown): void {
  const innermost = captureOf(scope)
  for (let at = innermost; at !== undefined; at = at.parent) {
    if (at === innermost || throwsFindings(at.scope)) tellRefusal(at, error)
  }
}

function tellRefusal({ observer }: Capture, error: unknown): void {
  try {
    observer.refused(error)
  } catch (fault) {
    reportFault('capturing a query', fault)
  }
}

/** The open captures in whose context this code runs. */
export function capturesAround(): ReadonlySet<Capture> {
  const scope = enteredScope()
  const around = new Set<Capture>()
  for (let at = scope && captureOfScope(scope); at !== undefined; at = at.parent)
    if (at.isOpen) around.add(at)
  return around
}

/** The innermost capture of the code that runs here. A request that it sends belongs to it. */
export function captureHere(): Capture | undefined {
  return captureOf(enteredScope())
}

/** The innermost open capture of the code that runs here. */
export function openCaptureHere(): Capture | undefined {
  return innermostOpen(captureHere())
}

/** A capture, or the next one around it that is open. */
export function innermostOpen(capture: Capture | undefined): Capture | undefined {
  let at = capture
  while (at?.isOpen === false) at = at.parent
  return at
}
