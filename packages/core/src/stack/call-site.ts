import type { CallSite } from '../messages/call-site.js'
import { basename, relative, sep } from 'node:path'

import { pathOf } from './application-files.js'
import type { Frame } from './captured-stack.js'
import { sourcePositionOf } from './source-position.js'

/** The call site of a frame in the source, through source maps. */
export function callSiteOf(frame: Frame): CallSite {
  const { file, line, column } = sourcePositionOf(frame.site, frame.position)
  return { file: shortPath(file), line, column, function: nameOf(frame) }
}

/** A line of a minified file is far longer, and no place in the code. */
const MAX_COLUMN = 500

/** The call site of a frame, if its line is one in the code: not in a minified file without a source map. */
export function lineOf(frame: Frame | undefined): CallSite | undefined {
  if (frame === undefined) return undefined
  const site = callSiteOf(frame)
  return site.column > MAX_COLUMN ? undefined : site
}

/** The distinct call sites of the frames whose lines are known, in order. */
export function distinctCallSites(frames: readonly (Frame | undefined)[]): readonly CallSite[] {
  const sites = new Map<string, CallSite>()
  for (const frame of frames) {
    const site = lineOf(frame)
    if (site !== undefined) sites.set(`${site.file}:${site.line}:${site.column}`, site)
  }
  return [...sites.values()]
}

/** The shortest name of a function that a minifier would not give. */
const MIN_NAME = 3

/** Why the line of a query is not known, in words; `undefined` if it is, or if there is no frame. */
export function whyNoLine(frames: readonly Frame[]): string | undefined {
  const [query] = frames
  if (query === undefined || lineOf(query) !== undefined) return undefined
  const names = frames.flatMap((frame) => nameOf(frame) ?? []).filter((name) => name.length >= MIN_NAME)
  const functions = names.length === 0 ? '' : `; functions: ${names.slice(0, 3).join(' ← ')}`
  return `${basename(callSiteOf(query).file)} is minified, and Node has no source map of it${functions}`
}

/** `listPosts (src/posts.ts:42)` */
export function describeCallSite({ file, line, function: name }: CallSite): string {
  return name === undefined ? `${file}:${line}` : `${name} (${file}:${line})`
}

/** V8 guesses a name with a dot from the code around the function. Such a name changes with that code. */
function nameOf({ site, named }: Frame): string | undefined {
  const name = site.getFunctionName() ?? named?.getFunctionName() ?? null
  return name === null || !/^[\p{L}\p{N}_$#]+$/u.test(name) ? undefined : name
}

/** The path with `/`, relative to the working directory if the file is in it. A URL such as `webpack://…` stays. */
export function shortPath(file: string): string {
  const path = pathOf(file)
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) return path
  const below = relative(process.cwd(), path)
  return (below.startsWith('..') || below === '' ? path : below).split(sep).join('/')
}
