import { analyzeQuery, type QueryShape } from './query-shape.js'

/**
 * Statements of one generation. An application of some hundred query builders stays far below; one that
 * writes values into its SQL text goes beyond without end, and must not fill the heap.
 */
const GENERATION_SIZE = 2_000

let current = new Map<string, QueryShape>()
let previous = new Map<string, QueryShape>()

/**
 * The shape of a statement, analysed once for each text.
 *
 * Two generations approximate "least recently used" at the price of a plain look-up: what is used moves
 * into the current generation, and when that is full the one before it goes as a whole.
 */
export function shapeOf(sql: string): QueryShape {
  let shape = current.get(sql)
  if (shape !== undefined) return shape
  shape = previous.get(sql) ?? analyzeQuery(sql)
  if (current.size >= GENERATION_SIZE) {
    previous = current
    current = new Map()
  }
  current.set(sql, shape)
  return shape
}
