import { analyzeQuery, type QueryShape } from './query-shape.js'

/**
 * Statements of one generation. An application of some hundred query builders stays far below; one that
 * writes values into its SQL text goes beyond without end, and must not fill the heap.
 */
const GENERATION_SIZE = 2_000

/**
 * Of a longer statement, such as an insert of thousands of rows, only the beginning is looked at, each time
 * anew: neither its analysis may cost what the query does, nor its text fill the cache.
 */
const MAX_LENGTH = 8_192

let current = new Map<string, QueryShape>()
let previous = new Map<string, QueryShape>()

/**
 * The shape of a statement, analysed once for each text.
 *
 * Two generations approximate "least recently used" at the price of a plain look-up: what is used moves
 * into the current generation, and when that is full the one before it goes as a whole.
 */
export function shapeOf(sql: string): QueryShape {
  if (sql.length > MAX_LENGTH) return analyzeQuery(sql.slice(0, MAX_LENGTH))
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
