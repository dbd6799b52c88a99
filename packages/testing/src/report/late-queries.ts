import type { CapturedQuery } from '../recording/captured-query.js'
import { describeLine } from './shape-rows.js'

const MAX_LATE = 3

/** Queries that the code under test did not await, each with its line. */
export function describeLate(late: readonly CapturedQuery[], isFull: boolean): readonly string[] {
  if (late.length === 0) return []
  const lines = [...Map.groupBy(late, lineOf)].map(([line, same]) => `  ${same.length}x  ${line}`)
  const shown = isFull ? lines : lines.slice(0, MAX_LATE)
  const more = lines.length - shown.length
  return [
    `Not awaited: ${late.length === 1 ? 'one query had' : `${late.length} queries had`} not ended when the capture ended. Await them in the captured function:`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more. QUERYLENS_REPORT=full shows all.`] : []),
  ]
}

function lineOf({ summary, path }: CapturedQuery): string {
  const lines = path.slice(0, 2).map(describeLine).join(' ← ')
  return lines === '' ? summary : `${summary}  ${lines}`
}
