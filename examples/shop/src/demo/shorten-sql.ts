const LONG_LIST = 20

/**
 * Shortens a query for a table: without quotes, long lists of columns, join conditions and order, which rarely distinguish
 * queries. The result is for display only.
 */
export function shortenSql(text: string, maxLength: number): string {
  const plain = text.replaceAll('"', '').replaceAll(/\s+/g, ' ')
  const short = shortenSelectLists(plain)
    .replaceAll(/\b(?:inner |left )join /gi, 'join ')
    .replaceAll(/ on (?:true\b|[\w.]+ = [\w.]+)/gi, '')
    .replaceAll(/ (?:order|group) by [^()]+?(?= limit |\)|$| for update)/gi, '')
    .replaceAll(/ values \(.*/gi, ' values …')
    .replaceAll(/(insert into \w+) \([^)]*\)/gi, '$1')
    .replaceAll(/ returning .*/gi, ' returning …')
    .trim()
  return short.length <= maxLength ? short : `${short.slice(0, maxLength - 1)}…`
}

/** Shortens the list of each `select … from`, subqueries included. */
function shortenSelectLists(text: string): string {
  let short = ''
  let rest = text
  for (let match = /\bselect /i.exec(rest); match !== null; match = /\bselect /i.exec(rest)) {
    const start = match.index + match[0].length
    const end = endOfList(rest, start)
    short += rest.slice(0, start) + (end - start > LONG_LIST ? '…' : rest.slice(start, end))
    rest = rest.slice(end)
  }
  return short + rest
}

/** The index of the next ` from ` outside parentheses that open after `start`. */
function endOfList(text: string, start: number): number {
  let depth = 0
  for (let index = start; index < text.length; index++) {
    if (text[index] === '(') depth++
    else if (text[index] === ')') depth--
    if (depth < 0 || (depth === 0 && text.startsWith(' from ', index))) return index
  }
  return text.length
}
