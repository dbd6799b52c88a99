import { isUint8Array } from 'node:util/types'

import type { Row } from './returned-rows.js'

/** Number of rows of a result that are measured. */
const SAMPLED_ROWS = 8

/** Estimates the size of rows in bytes from a sample of eight, spread over the whole result. */
export function estimateBytes(rows: readonly unknown[]): number {
  const sampled = Math.min(SAMPLED_ROWS, rows.length)
  let bytes = 0
  for (let index = 0; index < sampled; index++) {
    const row = rows[Math.floor((index * rows.length) / sampled)]
    if (typeof row === 'object' && row !== null) bytes += bytesOf(row as Row)
  }
  return sampled === 0 ? 0 : Math.ceil((bytes * rows.length) / sampled)
}

/** Limit for the measured parts of one row, because a JSON value may hold any number of them. */
const MAX_PARTS = 1_000

function bytesOf(row: Row): number {
  const parts: unknown[] = [row]
  let bytes = 0
  for (let measured = 0; measured < MAX_PARTS && parts.length > 0; measured++) {
    const part = parts.pop()
    if (typeof part === 'string') bytes += part.length
    else if (isUint8Array(part)) bytes += part.byteLength
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
