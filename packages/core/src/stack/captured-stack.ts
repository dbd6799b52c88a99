import { applicationFileId } from './application-files.js'
import { placeByNode, type Place } from './source-place.js'

/** A stack that was captured and not looked at: V8 makes something of it when somebody reads it. */
export interface CapturedStack {
  readonly holder: { readonly stack?: unknown }
  /** What has been read of it. */
  sites: readonly NodeJS.CallSite[] | undefined
  frames: readonly Frame[] | undefined
}

/** A frame of the application. */
export interface Frame {
  readonly site: NodeJS.CallSite
  /** As V8 knows it, before source maps. */
  readonly place: Place
  /** Tells functions apart: where the function begins. */
  readonly functionId: string
  /** Whether the frame after it, towards the caller, waits for it in a `Promise.all` or one of its kin. */
  readonly inParallel: boolean
}

/** Kysely and we take up to fifteen of them, each level of a recursion one or two. */
const MAX_FRAMES = 50

/**
 * Captures where we are, V8's asynchronous frames included; takes a few microseconds.
 *
 * @param entryPoint the function whose caller is the first frame; it has to be running
 * @returns `undefined` where that is not possible, as with frozen intrinsics
 */
export function captureStack(
  entryPoint: (...values: never[]) => unknown = captureStack,
): CapturedStack | undefined {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = MAX_FRAMES
    const holder = {}
    Error.captureStackTrace(holder, entryPoint)
    return { holder, sites: undefined, frames: undefined }
  } catch {
    return undefined
  } finally {
    restoreLimit(limit)
  }
}

/** The frames of the application, from the innermost outwards. */
export function framesOf(captured: CapturedStack | undefined): readonly Frame[] {
  return captured === undefined ? [] : (captured.frames ??= readFrames(captured))
}

/**
 * A number that is the same for the same stack, and cheap: it looks at positions alone. Other numbers may still be
 * the same site, see {@link siteKeyOf}.
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
 * Tells places in the code apart: two loops that call one helper from different lines are two, the levels of a
 * recursion one. `''` where nothing of the application is on the stack.
 */
export function siteKeyOf(frames: readonly Frame[]): string {
  let key = ''
  const functions = new Set<string>()
  for (const frame of frames) {
    const { functionId } = frame
    if (functions.has(functionId)) continue
    functions.add(functionId)
    key += `${positionOf(frame)}\n`
  }
  return key
}

/** Whether a function is on the stack more than once. */
export function isRecursive(frames: readonly Frame[]): boolean {
  return new Set(frames.map(({ functionId }) => functionId)).size < frames.length
}

/** A frame's position, before source maps. */
export function positionOf({ place: { file, line, column } }: Frame): string {
  return `${file}:${line}:${column}`
}

function readFrames(captured: CapturedStack): readonly Frame[] {
  const frames: Frame[] = []
  for (const site of sitesOf(captured)) {
    if (isParallel(site)) {
      const waiting = frames.pop()
      if (waiting !== undefined) frames.push({ ...waiting, inParallel: true })
      continue
    }
    const file = site.getFileName()
    if (file === null || file === undefined || applicationFileId(file) === 0) continue
    const place = { file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }
    // In a bundle the dependencies are a part of the application's file.
    const origin = placeByNode(place)
    if (origin !== undefined && applicationFileId(origin.file) === 0) continue
    frames.push({ site, place, functionId: functionIdOf(site, file), inParallel: false })
  }
  return frames
}

/** What V8 has beyond the usual methods other engines may lack. */
type PartialCallSite = NodeJS.CallSite & {
  readonly [Name in 'getEnclosingLineNumber' | 'getEnclosingColumnNumber' | 'getPosition']?: () =>
    | number
    | null
} & { readonly [Name in 'isPromiseAll' | 'isAsync']?: () => boolean }

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
  // Of the combinators V8 tells these two apart; `allSettled` and `race` have names of their own in newer ones.
  return (
    site.isPromiseAll?.() === true || (site.isAsync?.() === true && site.getFunctionName() === 'allSettled')
  )
}

/** Reads the frames without their text: that is made by whoever has set `Error.prepareStackTrace`. */
function sitesOf(captured: CapturedStack): readonly NodeJS.CallSite[] {
  return (captured.sites ??= readSites(captured.holder))
}

function readSites(holder: CapturedStack['holder']): readonly NodeJS.CallSite[] {
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, sites) => sites
    const { stack } = holder
    return Array.isArray(stack) ? stack : []
  } catch {
    return []
  } finally {
    restorePreparation(prepareStackTrace)
  }
}

function restoreLimit(limit: number): void {
  try {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit
  } catch {
    // Frozen: then it was not changed either.
  }
}

function restorePreparation(prepareStackTrace: typeof Error.prepareStackTrace): void {
  try {
    Error.prepareStackTrace = prepareStackTrace
  } catch {
    // Frozen: then it was not changed either.
  }
}
