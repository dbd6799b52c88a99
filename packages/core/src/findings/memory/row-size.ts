import type { Row } from './returned-rows.js'

/** How many rows of a result are measured. */
const SAMPLE = 8

/** Estimates the size of rows in bytes from a few of them, spread over the whole result. */
export function estimateBytes(rows: readonly unknown[]): number {
  const sampled = Math.min(SAMPLE, rows.length)
  let bytes = 0
  for (let index = 0; index < sampled; index++) {
    const row = rows[Math.floor((index * rows.length) / sampled)]
    if (typeof row === 'object' && row !== null) bytes += bytesOf(row as Row)
  }
  return sampled === 0 ? 0 : Math.ceil((bytes * rows.length) / sampled)
}

/** Parts of one row that are measured at most: a JSON value may hold any number. */
const MAX_PARTS = 1_000

function bytesOf(row: Row): number {
  const parts: unknown[] = [row]
  let bytes = 0
  for (let looked = 0; looked < MAX_PARTS && parts.length > 0; looked++) {
    const part = parts.pop()
    if (typeof part === 'string') bytes += part.length
    else if (part instanceof Uint8Array) bytes += part.byteLength
    else if (typeof part !== 'object' || part === null || part instanceof Date) bytes += 8
    else {
      for (const name in part) {
        if (parts.length >= MAX_PARTS) break
        parts.push((part as Row)[name])
      }
    }
  }
  return bytes
}
