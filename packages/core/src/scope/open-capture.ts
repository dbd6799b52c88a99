import { clock } from '../clock.js'
import { QuerylensError } from '../errors.js'
import { resolveDetectOptions, type DetectOptions } from '../findings/detect-options.js'
import { setScopeOptions } from '../findings/detectors-by-scope.js'
import { describeCallSite } from '../stack/call-site.js'
import { callSiteOfError } from '../stack/error-site.js'
import type { Capture, CaptureObserver } from './capture.js'
import { beginCapture, endCapture, capturesAround, noteIdle, openCaptures } from './captures.js'
import { scopeHttpRequests } from './http-scope.js'
import { insideScope, openScope } from './scope.js'
import { awaitedHosts, followRequests } from './sent-requests.js'

/** A capture that is open. */
export interface OpenCapture {
  readonly capture: Capture
  /** Runs work that the capture follows. */
  run<Result>(work: () => Result): Result
  /**
   * Waits until no operation of the capture runs, but not longer than `millis`, by the real clock.
   *
   * @returns whether none runs
   */
  settle(millis: number): Promise<boolean>
  /** The requests that it waits for: `GET /events`. */
  openRequests(): readonly string[]
  /** Ends the capture and its scope; the findings are published with their final figures. */
  end(failure?: { readonly error: unknown }): void
}

/** What a capture follows, and what Querylens detects in it. */
export interface OpenCaptureOptions {
  readonly detect?: DetectOptions | boolean | undefined
  /**
   * Also everything in this process that belongs to no other capture. It is an error while another capture is open in another
   * context.
   *
   * @default false
   */
  readonly process?: boolean | undefined
  /**
   * An error that was made where the capture was opened. Errors about it show the line.
   *
   * @default none
   */
  readonly site?: Error | undefined
}

/**
 * Opens a scope and follows it. Requests of `node:http` servers are scopes until its end.
 *
 * @param name of the scope
 * @param owner of `detect`, for errors
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` where one of two concurrent captures wants the whole process; for an
 *   option that `detect` does not take
 */
export function openCapture(
  name: string,
  owner: string,
  observer: CaptureObserver,
  { detect, process = false, site }: OpenCaptureOptions,
): OpenCapture {
  const resolved = detect === undefined ? undefined : (resolveDetectOptions(owner, detect) ?? false)
  refuseConcurrent(process)
  const open = openScope('custom', name)
  const end: Capture['end'] = (failure) => {
    if (!capture.isOpen) return
    open.end(failure)
    endCapture(capture)
    stopFollowing()
    stopScopes()
  }
  const capture = beginCapture({ scope: open.scope, observer, process, site, end })
  const stopScopes = scopeHttpRequests()
  const stopFollowing = followRequests()
  // Not published on `querylens:scope:start`: a trace would begin there, and the application's would look otherwise in a test.
  setScopeOptions(open.scope, resolved)
  return {
    capture,
    run: (work) => insideScope(open.scope, work),
    settle: (millis) => settle(capture, millis),
    openRequests: () => [
      ...Array.from(capture.requests, ({ name }) => name),
      ...awaitedHosts(capture).map(
        (host) => `a request to ${host} that no server of this process has received`,
      ),
    ],
    end,
  }
}

/** Two captures cannot tell whose a query is if one of them takes all. */
function refuseConcurrent(wantsProcess: boolean): void {
  const around = capturesAround()
  for (const other of openCaptures()) {
    if (around.has(other) || (!wantsProcess && !other.process)) continue
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `A capture with { process: true } takes all queries of the process, so it cannot run at the same time as another capture: "${other.scope.name}"${placeOf(other)} is still open. Run the two one after the other, or leave { process: true } out. A test that has timed out leaves its captures open.`,
    )
  }
}

/** ` at test/books.test.ts:12` */
function placeOf({ site }: Capture): string {
  const line = callSiteOfError(site?.stack ?? '')
  return line === undefined ? '' : ` at ${describeCallSite(line)}`
}

function settle(capture: Capture, millis: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const check = (): void => {
    if (capture.operations === 0 && awaitedHosts(capture).length === 0) finish(true)
  }
  const finish = (isIdle: boolean): void => {
    clock.clearTimeout(timer)
    capture.whenIdle = undefined
    resolve(isIdle)
  }
  const timer = clock.setTimeout(() => finish(false), millis)
  capture.whenIdle = check
  noteIdle(capture)
  return promise
}
