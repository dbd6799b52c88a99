import { firstOfEachFunction, positionOf, type Frame } from './captured-stack.js'

/**
 * Whether two different stacks are of one call site. Until an async function awaits for the first time, its callers run: the
 * stack has all of them. When it continues, the stack has only those that await it. So the running functions of one stack
 * have to be the first ones of the other, and the functions that wait have to be among the others there.
 */
export function isSameCall(one: readonly Frame[], other: readonly Frame[]): boolean {
  if (one[0] === undefined || other[0] === undefined || positionOf(one[0]) !== positionOf(other[0]))
    return false
  const [short, long] = [one, other]
    .map(firstOfEachFunction)
    .toSorted((a, b) => runningOf(a) - runningOf(b)) as [readonly Frame[], readonly Frame[]]
  const shared = runningOf(short)
  if (shared === 0 || shared === runningOf(long)) return false
  if (!short.slice(0, shared).every((frame, index) => positionOf(frame) === positionOf(long[index]!)))
    return false
  let index = shared
  for (const { functionId } of short.slice(shared)) {
    while (index < long.length && long[index]!.functionId !== functionId) index++
    if (index++ >= long.length) return false
  }
  return true
}

/** Number of functions that run, from the innermost outwards. */
function runningOf(frames: readonly Frame[]): number {
  const waiting = frames.findIndex(({ isAsync }) => isAsync)
  return waiting < 0 ? frames.length : waiting
}
