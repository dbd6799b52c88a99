import Table from 'cli-table3'

/** A column. Its width includes spaces. */
export interface Column {
  readonly title: string
  readonly width: number
  readonly align?: 'left' | 'right'
}

/** A table with one line, below the titles, so that it stays readable when piped. */
export function plainTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const blank = ''
  const table = new Table({
    head: columns.map((column) => column.title),
    colWidths: columns.map((column) => column.width),
    colAligns: columns.map((column) => column.align ?? 'left'),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    chars: {
      top: blank,
      'top-mid': blank,
      'top-left': blank,
      'top-right': blank,
      bottom: blank,
      'bottom-mid': blank,
      'bottom-left': blank,
      'bottom-right': blank,
      left: blank,
      'left-mid': blank,
      mid: blank,
      'mid-mid': blank,
      right: blank,
      'right-mid': blank,
      middle: blank,
    },
  })
  table.push(columns.map((column) => '─'.repeat(column.width - 2)))
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
