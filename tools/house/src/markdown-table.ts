/**
 * Writes a Markdown table as oxfmt formats it, so that `lint` leaves it as it is.
 *
 * @param rows the first one is the header
 */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(escapeCell))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((row) => widthOf(row[column] ?? ''))),
  )
  const [header = '', ...body] = cells.map((row) =>
    lineOf(widths.map((width, column) => pad(row[column] ?? '', width))),
  )
  return [header, lineOf(widths.map((width) => '-'.repeat(width))), ...body].join('\n')
}

/** A pipe separates cells, also inside of backticks. */
function escapeCell(text: string): string {
  return text.replaceAll(/(?<!\\)\|/g, '\\|')
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - widthOf(text))
}

/** In characters rather than in UTF-16 code units. */
function widthOf(text: string): number {
  return [...text].length
}
