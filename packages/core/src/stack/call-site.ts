import type { CallSite } from '../messages/call-site.js'
import { relative, sep } from 'node:path'

import { pathOf } from './application-files.js'
import type { Frame } from './captured-stack.js'
import { sourcePositionOf } from './source-position.js'

/** The call site of a frame in the source, through source maps. */
export function callSiteOf({ site, position }: Frame): CallSite {
  const { file, line, column } = sourcePositionOf(site, position)
  return { file: shortPath(file), line, column, function: nameOf(site) }
}

/** The distinct call sites of the frames, in order. */
export function distinctCallSites(frames: readonly (Frame | undefined)[]): readonly CallSite[] {
  const sites = new Map<string, CallSite>()
  for (const frame of frames) {
    if (frame === undefined) continue
    const site = callSiteOf(frame)
    sites.set(`${site.file}:${site.line}:${site.column}`, site)
  }
  return [...sites.values()]
}

/** `listPosts (src/posts.ts:42)` */
export function describeCallSite({ file, line, function: name }: CallSite): string {
  return name === undefined ? `${file}:${line}` : `${name} (${file}:${line})`
}

/** V8 guesses a name with a dot from the code around the function. Such a name changes with that code. */
function nameOf(site: NodeJS.CallSite): string | undefined {
  const name = site.getFunctionName()
  return name === null || !/^[\p{L}\p{N}_$#]+$/u.test(name) ? undefined : name
}

/** The path with `/`, relative to the working directory if the file is in it. A URL such as `webpack://…` stays. */
export function shortPath(file: string): string {
  const path = pathOf(file)
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) return path
  const below = relative(process.cwd(), path)
  return (below.startsWith('..') || below === '' ? path : below).split(sep).join('/')
}
