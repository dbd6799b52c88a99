import type { CallSite } from '../messages/call-site.js'
import { lineOf } from './call-site.js'
import { framesOf, type CapturedStack, type Frame } from './captured-stack.js'

/**
 * The lines that show how the application comes to a query, from the line of the query outwards: at most three. Where the
 * frame of the loop is known, the path ends there. Otherwise the loop may be in any frame, so the path has the caller of the
 * query's function and the function in which the application's own code begins, such as the handler of a route.
 */
export function pathOf(frames: readonly Frame[], loop: Frame | undefined): readonly CallSite[] {
  const [query, caller] = frames
  return distinctLines(loop === undefined ? [query, caller, entryOf(frames)] : [query, loop])
}

/** The lines that lead to a query, from the query outwards, by the stack of its call; see {@link pathOf}. */
export function linesOfStack(stack: CapturedStack | undefined): readonly CallSite[] {
  return pathOf(framesOf(stack), undefined)
}

/**
 * The outermost frame before a library calls the application, as a framework calls its handlers. A library around the
 * innermost function alone, such as one that tries again, is not where the application begins.
 */
function entryOf(frames: readonly Frame[]): Frame | undefined {
  return frames.find(({ isCalledByLibrary }, index) => isCalledByLibrary && index > 0) ?? frames.at(-1)
}

function distinctLines(frames: readonly (Frame | undefined)[]): readonly CallSite[] {
  const byLine = new Map<string, CallSite>()
  for (const frame of frames) {
    const site = lineOf(frame)
    if (site === undefined) continue
    const line = `${site.file}:${site.line}`
    if (!byLine.has(line)) byLine.set(line, site)
  }
  return [...byLine.values()]
}
