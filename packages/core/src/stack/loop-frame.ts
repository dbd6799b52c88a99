import { positionOf, type Frame } from './captured-stack.js'

/**
 * The frame that runs the loop: the innermost function that also called the source query, from another position. A
 * position that both calls share belongs to a helper, such as a retry, or to the level above in a recursion. Without a
 * source it is the frame that waits for several calls at once.
 *
 * @returns `undefined` where the loop may be in any frame
 */
export function loopFrameOf(frames: readonly Frame[], source: readonly Frame[]): Frame | undefined {
  const sourceFunctions = new Set(source.map(({ functionId }) => functionId))
  const sourcePositions = new Set(source.map(positionOf))
  const shared = frames.filter(({ functionId }) => sourceFunctions.has(functionId))
  const [innermost] = shared
  if (innermost !== undefined) {
    const deeper = (frame: Frame): boolean =>
      frame.functionId === innermost.functionId && positionOf(frame) !== positionOf(innermost)
    return shared.find((frame) => !sourcePositions.has(positionOf(frame))) ?? shared.find(deeper) ?? innermost
  }
  const parallel = frames.findIndex(({ inParallel }) => inParallel)
  return parallel < 0 ? undefined : (frames[parallel + 1] ?? frames[parallel])
}

/**
 * How deep the innermost function is that also called the source query, from another position. The smaller, the likelier
 * the loop runs over its rows. Infinite without such a function.
 */
export function depthOfLoop(frames: readonly Frame[], source: readonly Frame[]): number {
  const functions = new Set(source.map(({ functionId }) => functionId))
  const positions = new Set(source.map(positionOf))
  const depth = frames.findIndex(
    (frame) => functions.has(frame.functionId) && !positions.has(positionOf(frame)),
  )
  return depth < 0 ? Number.POSITIVE_INFINITY : depth
}

/** The frames in which several stacks differ first, one for each stack; for a single stack its innermost frame. */
export function partingFramesOf(stacks: readonly (readonly Frame[])[]): readonly (Frame | undefined)[] {
  const [first = [], ...others] = stacks
  let index = 0
  while (
    others.length > 0 &&
    index < first.length - 1 &&
    others.every((frames) => {
      const frame = frames[index]
      return frame !== undefined && positionOf(frame) === positionOf(first[index]!)
    })
  ) {
    index++
  }
  return stacks.map((frames) => frames[index] ?? frames.at(-1))
}
