import { firstOfEachFunction, positionOf, type Frame } from './captured-stack.js'

/**
 * Whether a stack may be the same call after its functions have waited, although it has other positions.
 *
 * Until a function awaits for the first time, its callers are on the stack as calls: with the position of the call, and
 * with functions that only pass a promise on. Afterwards V8 knows them by the `await` in front of the call, and not at all
 * as long as nothing awaits them. An `await` behind the call may wait for another call.
 */
export function isContinued(before: readonly Frame[], after: readonly Frame[]): boolean {
  const [innermost] = before
  const [other] = after
  if (innermost === undefined || other === undefined) return false
  if (positionOf(innermost) !== positionOf(other)) return false
  const functions = new Set(after.map(({ functionId }) => functionId))
  const waiting = firstOfEachFunction(after)
  let index = 1
  for (const frame of firstOfEachFunction(before).slice(1)) {
    const later = waiting[index]
    if (later === undefined) return true
    if (isSameFrame(frame, later)) index++
    else if (isAsync(frame) || functions.has(frame.functionId)) return false
  }
  return true
}

function isSameFrame(before: Frame, after: Frame): boolean {
  if (before.functionId !== after.functionId) return false
  if (positionOf(before) === positionOf(after)) return true
  return !isAsync(before) && isAsync(after) && isInFront(after, before)
}

function isAsync({ site }: Frame): boolean {
  return (site as Partial<{ isAsync: () => boolean }>).isAsync?.() === true
}

function isInFront({ position: one }: Frame, { position: other }: Frame): boolean {
  return one.line === other.line ? one.column <= other.column : one.line < other.line
}
