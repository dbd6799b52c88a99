import { findSourceMap } from 'node:module'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in the application's code. */
export interface CallSite {
  /** Relative to the working directory where it is below it, with `/`. */
  readonly file: string
  /** From 1; through the source map where Node knows one (`--enable-source-maps`). */
  readonly line: number
  readonly column: number
  /** `undefined` for a function without a name, and for the top of a module. */
  readonly function: string | undefined
}

/** A stack that was captured and not looked at: V8 makes something of it when somebody reads it. */
export interface CapturedStack {
  readonly holder: { readonly stack?: unknown }
  /** What has been read of it. */
  sites: readonly NodeJS.CallSite[] | undefined
  frames: readonly Frame[] | undefined
}

/** A frame of the application as V8 knows it, before source maps. */
export interface Frame {
  readonly site: NodeJS.CallSite
  readonly file: string
  /** Tells functions apart: where the function begins. */
  readonly functionId: string
  /** Whether the frame after it, towards the caller, waits for it in a `Promise.all` or one of its kin. */
  readonly inParallel: boolean
}

/** Kysely and we take up to fifteen of them, each level of a recursion one or two. */
const MAX_FRAMES = 50

/**
 * Captures where we are, V8's asynchronous frames included; takes about two microseconds.
 *
 * @returns `undefined` where that is not possible, as with frozen intrinsics
 */
export function captureStack(): CapturedStack | undefined {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = MAX_FRAMES
    const holder = {}
    Error.captureStackTrace(holder, captureStack)
    return { holder, sites: undefined, frames: undefined }
  } catch {
    return undefined
  } finally {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit
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
    if (id > 0) key = (Math.imul(key, 31) + Math.imul(id, 0x01000193) + site.getPosition()) | 0
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

/**
 * Which frame is the loop's: the innermost function that the source was called from, too, and in a recursion, where
 * one line gets both, the one that goes down; without a source the one that waits for several calls at once, or the
 * innermost.
 */
export function loopFrameOf(frames: readonly Frame[], source: readonly Frame[]): Frame | undefined {
  const sourceFunctions = new Set(source.map(({ functionId }) => functionId))
  const shared = frames.find(({ functionId }) => sourceFunctions.has(functionId))
  if (shared !== undefined) {
    const isSameLine = source.some((frame) => positionOf(frame) === positionOf(shared))
    const deeper = (frame: Frame): boolean =>
      frame.functionId === shared.functionId && positionOf(frame) !== positionOf(shared)
    return (isSameLine ? frames.find(deeper) : undefined) ?? shared
  }
  const parallel = frames.findIndex(({ inParallel }) => inParallel)
  return frames[parallel + 1] ?? frames[parallel] ?? frames[0]
}

function positionOf({ site, file }: Frame): string {
  return `${file}:${site.getLineNumber() ?? 0}:${site.getColumnNumber() ?? 0}`
}

/** Where a frame is, for people: through source maps. */
export function callSiteOf({ site, file }: Frame): CallSite {
  const line = site.getLineNumber() ?? 0
  const column = site.getColumnNumber() ?? 0
  const name = site.getFunctionName()
  const mapped = mapByHost(site) ?? mapByNode(file, line, column) ?? { file, line, column }
  return {
    file: shortPath(mapped.file),
    line: mapped.line,
    column: mapped.column,
    function: name === null || name === '' || name === '<anonymous>' ? undefined : name,
  }
}

/** `listPosts (src/posts.ts:42)` */
export function describeCallSite({ file, line, function: name }: CallSite): string {
  return name === undefined ? `${file}:${line}` : `${name} (${file}:${line})`
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
    const functionId = `${file}:${site.getEnclosingLineNumber() ?? 0}:${site.getEnclosingColumnNumber() ?? 0}`
    frames.push({ site, file, functionId, inParallel: false })
  }
  return frames
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
    restore(prepareStackTrace)
  }
}

function restore(prepareStackTrace: typeof Error.prepareStackTrace): void {
  try {
    Error.prepareStackTrace = prepareStackTrace
  } catch {
    // Frozen: then it was not changed either.
  }
}

function isParallel(site: NodeJS.CallSite): boolean {
  // Of the combinators V8 tells these two apart; `allSettled` and `race` have names of their own in newer ones.
  return site.isPromiseAll() || (site.isAsync() && site.getFunctionName() === 'allSettled')
}

const fileIds = new Map<string, number>()
const MAX_FILES = 10_000
let lastFileId = 0

/** 0 for a file that is not the application's: of Node, of a dependency, ours. */
function applicationFileId(file: string): number {
  let id = fileIds.get(file)
  if (id === undefined) {
    const isForeign = /^node:|[\\/]node_modules[\\/]|^evalmachine|^wasm:/.test(file) || isOurs(file)
    id = isForeign ? 0 : ++lastFileId
    if (fileIds.size >= MAX_FILES) fileIds.clear()
    fileIds.set(file, id)
  }
  return id
}

/** Where our packages are, if they are neither installed nor part of a bundle: `…/packages/`. */
const ourFolder = /^(.*[\\/])[^\\/]+[\\/](?:dist|src)[\\/]detect[\\/]call-site\.[jt]s$/.exec(
  pathOf(import.meta.url),
)?.[1]

function isOurs(file: string): boolean {
  if (ourFolder === undefined) return false
  const path = pathOf(file)
  return path.startsWith(ourFolder) && /^[^\\/]+[\\/](?:dist|src)[\\/]/.test(path.slice(ourFolder.length))
}

function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file
  } catch {
    return file
  }
}

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

const ANY_ERROR = new Error('')

/** By `source-map-support`, Vitest and others, who set `Error.prepareStackTrace`. */
function mapByHost(site: NodeJS.CallSite): Place | undefined {
  const { prepareStackTrace } = Error
  if (prepareStackTrace === undefined) return undefined
  try {
    const text: unknown = prepareStackTrace.call(Error, ANY_ERROR, [site])
    const [, file, line, column] = /^\s+at (?:.*\()?(.+):(\d+):(\d+)\)?$/m.exec(String(text)) ?? []
    return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
  } catch {
    return undefined
  }
}

function mapByNode(file: string, line: number, column: number): Place | undefined {
  try {
    const origin = findSourceMap(pathOf(file))?.findOrigin(line, column)
    if (origin === undefined || !('fileName' in origin)) return undefined
    return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber }
  } catch {
    return undefined
  }
}

function shortPath(file: string): string {
  const path = pathOf(file)
  const below = relative(process.cwd(), path)
  return (below.startsWith('..') || below === '' ? path : below).split(sep).join('/')
}
