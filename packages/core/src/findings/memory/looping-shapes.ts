import { processState } from '../../process-state.js'
import type { QueryShape } from '../../sql/shape/query-shape.js'

/** Shapes that repeated themselves in some scope of this process, or whose rows a loop ran over. */
const looping = processState('loopingShapes', () => new WeakSet<QueryShape>())

export function markAsLooping(shape: QueryShape): void {
  looping.add(shape)
}

export function isLooping(shape: QueryShape): boolean {
  return looping.has(shape)
}
