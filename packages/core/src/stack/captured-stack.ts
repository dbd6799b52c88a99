import { applicationFileId, isLibrary } from './application-files.js'
import { withoutAsyncHelpers } from './async-helpers.js'
import { callerIndexOf, outsideDriver, withoutCallbacks } from './kysely-frames.js'
import { readSites } from './read-sites.js'
import { positionByNode, type SourcePosition } from './source-position.js'

/** A captured stack. V8 formats it when `stack` is read for the first time, which costs more than the capture. */
export interface CapturedStack {
  readonly holder: { readonly stack?: unknown }
  /** V8's call sites once they have been read. */
  sites: readonly NodeJS.CallSite[] | undefined
  frames: readonly Frame[] | undefined
  /** Whether it was captured inside Kysely's method that the application calls, before anything was awaited. */
  readonly isOfCall?: boolean
}

/** A frame of the application. */
export interface Frame {
  readonly site: NodeJS.CallSite
  /** The site that has the name of the function, if a compiler has made two functions of it. */
  readonly named: NodeJS.CallSite | undefined
  /** V8's position, before source maps. */
  readonly position: SourcePosition
  /** File and first line of the function. It identifies the function. */
  readonly functionId: string
  /** Whether the next frame, towards the caller, runs this one for each element: in `Promise.all`, or in `map`. */
  readonly inParallel: boolean
  /** Whether a library called the function, other than Kysely and Querylens. */
  readonly isCalledByLibrary: boolean
}

/** Kysely and Querylens take up to fifteen frames, each level of a recursion one or two. */
const MAX_FRAMES = 50

/**
 * Captures the current stack with V8's asynchronous frames. It takes a few microseconds.
 *
 * @param entryPoint the function whose caller becomes the first frame; it has to be running
 * @returns `undefined` if V8 cannot capture it, as with frozen intrinsics
 */
export function captureStack(
  entryPoint: (...values: never[]) => unknown = captureStack,
): CapturedStack | undefined {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = MAX_FRAMES
    const holder = {}
    Error.captureStackTrace(holder, entryPoint)
    return { holder, sites: undefined, frames: undefined, isOfCall: false }
  } catch {
    return undefined
  } finally {
    restoreLimit(limit)
  }
}

/**
 * Captures the stack inside Kysely's method that the application calls. It also has the functions that return a promise
 * without awaiting it, which are gone once the call has returned.
 *
 * @param entryPoint the function that Kysely's query compiler is calling
 */
export function captureCall(entryPoint: (...values: never[]) => unknown): CapturedStack | undefined {
  const captured = captureStack(entryPoint)
  return captured === undefined ? undefined : { ...captured, isOfCall: true }
}

/** Whether the application executed the statement in the call that was captured, rather than compiled it for later. */
export function isExecution(captured: CapturedStack): boolean {
  return captured.isOfCall === true && callerIndexOf(sitesOf(captured)) > 0
}

/** The frames of the application, from the innermost outwards. */
export function framesOf(captured: CapturedStack | undefined): readonly Frame[] {
  return captured === undefined ? [] : (captured.frames ??= readFrames(captured))
}

/**
 * A number that is equal for equal stacks. It is cheap, because it reads positions alone. Stacks with different numbers may
 * still belong to one call site, see {@link siteKeyOf}.
 */
export function stackKeyOf(captured: CapturedStack | undefined): number {
  let key = 0
  if (captured === undefined) return key
  for (const site of sitesOf(captured)) {
    const file = site.getFileName()
    const id = file === null || file === undefined ? 0 : applicationFileId(file)
    if (id > 0) key = (Math.imul(key, 31) + Math.imul(id, 0x01000193) + offsetOf(site)) | 0
  }
  return key
}

/**
 * A key that is equal for equal call sites. Two loops that call one helper from different lines have different keys; all
 * levels of a recursion have one key. `''` for a stack without a frame of the application.
 */
export function siteKeyOf(frames: readonly Frame[]): string {
  return firstOfEachFunction(frames).map(positionOf).join('\n')
}

/** The innermost frame of each function: all levels of a recursion are one. */
export function firstOfEachFunction(frames: readonly Frame[]): readonly Frame[] {
  const byFunction = new Map<string, Frame>()
  for (const frame of frames) if (!byFunction.has(frame.functionId)) byFunction.set(frame.functionId, frame)
  return [...byFunction.values()]
}

/** Whether a function occurs in several frames. */
export function isRecursive(frames: readonly Frame[]): boolean {
  return new Set(frames.map(({ functionId }) => functionId)).size < frames.length
}

/** A frame's position as text, before source maps. */
export function positionOf({ position: { file, line, column } }: Frame): string {
  return `${file}:${line}:${column}`
}

function readFrames(captured: CapturedStack): readonly Frame[] {
  const frames: Frame[] = []
  const { sites, named } = withoutAsyncHelpers(sitesOutside(captured))
  for (const site of sites) {
    if (isParallel(site)) {
      const waiting = frames.pop()
      if (waiting !== undefined) frames.push({ ...waiting, inParallel: true })
      continue
    }
    const file = site.getFileName()
    if (file === null || file === undefined) continue
    if (applicationFileId(file) === 0) {
      noteCaller(frames, file)
      continue
    }
    const position = { file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }
    // A bundle holds the dependencies in the application's file; its source map names their files.
    const origin = positionByNode(position)?.file
    if (origin !== undefined && applicationFileId(origin) === 0) noteCaller(frames, origin)
    else {
      const functionId = functionIdOf(site, file)
      frames.push({
        site,
        named: named.get(site),
        position,
        functionId,
        inParallel: false,
        isCalledByLibrary: false,
      })
    }
  }
  return frames
}

/** Notes what called the function of the last frame. */
function noteCaller(frames: Frame[], file: string): void {
  const called = frames.at(-1)
  if (called?.isCalledByLibrary !== false || !isLibrary(file)) return
  frames[frames.length - 1] = { ...called, isCalledByLibrary: true }
}

/** The sites without those of Kysely that names tell: in a bundle they are in a file of the application. */
function sitesOutside(captured: CapturedStack): readonly NodeJS.CallSite[] {
  const sites = sitesOf(captured)
  if (captured.isOfCall !== true) return outsideDriver(sites)
  return withoutCallbacks(sites.slice(callerIndexOf(sites)), sites[0]?.getFileName())
}

/** Methods of V8 that other engines may lack. */
type PartialCallSite = NodeJS.CallSite & {
  readonly [Name in 'getEnclosingLineNumber' | 'getEnclosingColumnNumber' | 'getPosition']?: () =>
    | number
    | null
} & { readonly [Name in 'isPromiseAll' | 'isAsync']?: () => boolean }

/** Methods of arrays that call the application for each element. */
const FOR_EACH: ReadonlySet<string | null> = new Set(['map', 'flatMap', 'forEach'])

function functionIdOf(site: PartialCallSite, file: string): string {
  const line = site.getEnclosingLineNumber?.() ?? site.getFunctionName() ?? 0
  return `${file}:${line}:${site.getEnclosingColumnNumber?.() ?? 0}`
}

function offsetOf(site: PartialCallSite): number {
  return (
    site.getPosition?.() ??
    (Math.imul(site.getLineNumber() ?? 0, 0x01000193) + (site.getColumnNumber() ?? 0)) | 0
  )
}

function isParallel(site: PartialCallSite): boolean {
  const name = site.getFunctionName()
  // V8 marks frames of `Promise.all`. Newer versions name the frame of `allSettled`.
  if (site.isPromiseAll?.() === true || (isAsyncFrame(site) && name === 'allSettled')) return true
  return FOR_EACH.has(name) && (site.getFileName() ?? '') === '' && site.getTypeName() === 'Array'
}

function isAsyncFrame(site: PartialCallSite): boolean {
  return site.isAsync?.() === true
}

function sitesOf(captured: CapturedStack): readonly NodeJS.CallSite[] {
  return (captured.sites ??= readSites(captured.holder))
}

function restoreLimit(limit: number): void {
  try {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit
  } catch {
    // The intrinsics are frozen, so the value was not changed.
  }
}
