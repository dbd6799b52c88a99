import type { CapturedQuery } from '../recording/captured-query.js'
import { describeLine } from './shape-rows.js'
import { shortenStatement } from './statement-text.js'

const MAX_LATE = 3
const MAX_STATEMENT = 60

/** Queries that the code under test did not await, each with its line. */
export function describeLate(late: readonly CapturedQuery[], isFull: boolean): readonly string[] {
  if (late.length === 0) return []
  const lines = [...Map.groupBy(late, lineOf)].map(([line, same]) => `  ${same.length}x  ${line}`)
  const shown = isFull ? lines : lines.slice(0, MAX_LATE)
  const more = lines.length - shown.length
  return [
    `Not awaited: ${late.length === 1 ? 'one query had' : `${late.length} queries had`} not ended when the capture ended. Await ${late.length === 1 ? 'it' : 'them'} in the captured function:`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more. QUERYLENS_REPORT=full shows all.`] : []),
  ]
}

function lineOf({ text, summary, path }: CapturedQuery): string {
  const lines = path.slice(0, 2).map(describeLine).join(' ← ')
  const statement = text === '' ? summary : shortenStatement(text, MAX_STATEMENT)
  return lines === '' ? statement : `${statement}  ${lines}`
}
