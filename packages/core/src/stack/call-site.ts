import type { CallSite } from '../messages/call-site.js'
import { relative, sep } from 'node:path'

import { pathOf } from './application-files.js'
import type { Frame } from './captured-stack.js'
import { sourcePlaceOf } from './source-place.js'

/** Where a frame is, for people: through source maps. */
export function callSiteOf({ site, place }: Frame): CallSite {
  const { file, line, column } = sourcePlaceOf(site, place)
  return { file: shortPath(file), line, column, function: nameOf(site) }
}

/** Call sites without repetitions, in order. */
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

/** Names with a dot are guesses of V8's, made of what stands around a function: they change with it. */
function nameOf(site: NodeJS.CallSite): string | undefined {
  const name = site.getFunctionName()
  return name === null || !/^[\p{L}\p{N}_$#]+$/u.test(name) ? undefined : name
}

/** Relative to the working directory where it is below it, with `/`. */
export function shortPath(file: string): string {
  const path = pathOf(file)
  const below = relative(process.cwd(), path)
  return (below.startsWith('..') || below === '' ? path : below).split(sep).join('/')
}
