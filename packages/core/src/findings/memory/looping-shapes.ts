import { processState } from '../../process-state.js'
import type { QueryShape } from '../../sql/shape/query-shape.js'

/** Shapes that repeated in one scope of this process, and shapes whose rows a loop ran over. */
const looping = processState('loopingShapes', () => new WeakSet<QueryShape>())

export function markAsLooping(shape: QueryShape): void {
  looping.add(shape)
}

export function isLooping(shape: QueryShape): boolean {
  return looping.has(shape)
}
