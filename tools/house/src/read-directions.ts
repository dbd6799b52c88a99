/**
 * The imports that each folder may have. A folder is a package (`core`) or a folder in it (`core/findings/kinds`). It may
 * import the listed folders and npm packages, such as `core/messages` and `@opentelemetry/api`.
 */
export type Directions = ReadonlyMap<string, readonly string[]>

const BLOCK = /^```directions\n(.*?)^```$/gms
const LINE = /^(\S+)\s+->\s*(.*)$/

/**
 * Reads the blocks in the language `directions` of a page. Each line is `folder -> folder package …`.
 *
 * @throws Error for a page without such a block, an invalid line, or a folder that occurs twice
 */
export function readDirections(markdown: string): Directions {
  const directions = new Map<string, readonly string[]>()
  const blocks = [...markdown.matchAll(BLOCK)]
  if (blocks.length === 0) throw new Error('The page has no block in the language "directions".')
  for (const line of blocks.flatMap(([, text = '']) => text.split('\n'))) {
    if (line.trim() === '') continue
    const [, folder, targets = ''] = LINE.exec(line) ?? []
    if (folder === undefined) throw new Error(`This is no direction: ${line}`)
    if (directions.has(folder)) throw new Error(`${folder} occurs twice.`)
    directions.set(folder, targets.split(/\s+/).filter(Boolean))
  }
  return directions
}
