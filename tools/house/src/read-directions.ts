/**
 * Who may import whom, by room. A room is a package (`core`) or a folder of one (`core/findings/kinds`); what it may import
 * are rooms and npm packages, such as `core/messages` and `@opentelemetry/*`.
 */
export type Directions = ReadonlyMap<string, readonly string[]>

const BLOCK = /^```directions\n(.*?)^```$/gms
const LINE = /^(\S+)\s+->\s*(.*)$/

/**
 * Reads the drawing of the house: each line of the blocks in the language `directions` is `room -> room package …`.
 *
 * @throws Error for a page without such a block, a line that is no direction, or a room that stands there twice
 */
export function readDirections(markdown: string): Directions {
  const directions = new Map<string, readonly string[]>()
  const blocks = [...markdown.matchAll(BLOCK)]
  if (blocks.length === 0) throw new Error('The page has no block in the language "directions".')
  for (const line of blocks.flatMap(([, text = '']) => text.split('\n'))) {
    if (line.trim() === '') continue
    const [, room, targets = ''] = LINE.exec(line) ?? []
    if (room === undefined) throw new Error(`This is no direction: ${line}`)
    if (directions.has(room)) throw new Error(`${room} stands there twice.`)
    directions.set(room, targets.split(/\s+/).filter(Boolean))
  }
  return directions
}
