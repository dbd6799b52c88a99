import type { ShapeRow } from './shape-rows.js'
import { shortenStatement } from './statement-text.js'

/** In characters. Terminals and the logs of CI systems are about as wide. */
const WIDTH = 150
/** A statement gets as much room as the lines beside it leave, up to so much. */
const MAX_STATEMENT = 90
/** A statement that is shortened to less says too little. */
const MIN_SHORTENED = 60

/**
 * Lays rows out in columns: how often, which statement, where, and what was found.
 *
 * @param titleOf the title of the rows of a scope; there are titles where the rows have several scopes
 */
export function layOut(
  rows: readonly ShapeRow[],
  titleOf: (scopeName: string) => string,
  isFull: boolean,
): readonly string[] {
  const layout = layoutOf(rows, isFull)
  const sections = Map.groupBy(rows, ({ scopeName }) => scopeName)
  if (sections.size < 2) return rows.flatMap((row) => linesOf(row, layout))
  return [...sections].flatMap(([scopeName, inScope]) => [
    ` ${titleOf(scopeName)}:`,
    ...inScope.flatMap((row) => linesOf(row, layout)),
  ])
}

/** The widths of the columns. */
interface Layout {
  readonly count: number
  /** The room for a statement. */
  readonly limit: number
  readonly statement: number
  readonly lines: number
  /** Whether the lines of code are below the statement, because they are too long to be beside it. */
  readonly isStacked: boolean
}

/** The space before the count, behind it, and behind the statement. */
const MARGINS = 6

function layoutOf(rows: readonly ShapeRow[], isFull: boolean): Layout {
  const places = rows.flatMap((row) => row.places)
  const count = widest(rows.map((row) => countOf(row)))
  // Lines without a note need not reach the column of the notes.
  const noted = places.filter(({ note }) => note !== '')
  const lines = widest(noted.map((place) => place.lines))
  const beside = Math.max(
    widest(places.map((place) => place.lines)),
    noted.length === 0 ? 0 : lines + 3 + widest(noted.map(({ note }) => note)),
  )
  const room = WIDTH - count - beside - MARGINS
  const needed = Math.min(MIN_SHORTENED, widest(rows.map(({ text }) => shortenStatement(text, Infinity))))
  const isStacked = isFull || room < needed
  const limit = isFull ? Infinity : isStacked ? WIDTH - count - 4 : Math.min(room, MAX_STATEMENT)
  const statement = widest(rows.map(({ text }) => shortenStatement(text, limit)))
  return { count, limit, statement, lines, isStacked }
}

function linesOf(row: ShapeRow, { count, limit, statement, lines, isStacked }: Layout): readonly string[] {
  const head = `  ${countOf(row).padStart(count)}  `
  const below = ' '.repeat(head.length)
  const text = `${head}${shortenStatement(row.text, limit)}`
  const places = row.places.map((place) =>
    place.note === '' ? place.lines : `${place.lines.padEnd(isStacked ? 0 : lines)}   ${place.note}`.trim(),
  )
  const [first = '', ...others] = places
  const indented = below + (isStacked ? '' : ' '.repeat(statement + 2))
  return [
    ...(isStacked ? [text, below + first] : [`${text.padEnd(head.length + statement)}  ${first}`]),
    ...others.map((place) => indented + place),
    ...(row.parameters === undefined ? [] : [below + row.parameters]),
  ]
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}

function countOf({ count }: ShapeRow): string {
  return `${count}x`
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length))
}
