/** UTF-16 units that are read of a text to find its second element. */
const MAX_READ = 4_096

/**
 * Whether a parameter is the text of several elements: in JSON (`[1,2]`), as PostgreSQL's array (`{1,2}`), or with
 * separators (`1,2`). It reads up to the second element, so a large text costs no more than a small one.
 */
export function isListText(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return /^\s*[[{]/.test(value) ? hasOuterComma(value) : /[,;|\s]/.test(value.slice(0, MAX_READ).trim())
}

/** Whether a comma is directly inside the outermost brackets. An element that is too long to read counts as several. */
function hasOuterComma(text: string): boolean {
  const end = Math.min(text.length, MAX_READ)
  let depth = 0
  for (let position = 0; position < end; position++) {
    switch (text[position]) {
      case '"':
        position = endOfString(text, position, end)
        break
      case '[':
      case '{':
        depth++
        break
      case ']':
      case '}':
        depth--
        break
      case ',':
        if (depth === 1) return true
        break
      default:
    }
  }
  return text.length > MAX_READ
}

function endOfString(text: string, start: number, end: number): number {
  let position = start + 1
  while (position < end && text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position
}
