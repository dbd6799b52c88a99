/**
 * Shortens a statement to one line of a width. It gives up first what tells least: lists of columns, orders, subqueries. FROM
 * and WHERE stay as long as they can.
 */
export function shortenStatement(text: string, width: number): string {
  let short = text.replaceAll(/\s+/g, ' ').trim()
  for (const shorten of STEPS) {
    if (short.length <= width) return short
    short = clausesOf(short).map(shorten).join(' ')
  }
  return short.length <= width ? short : cutInTheMiddle(short, width)
}

/** Each leaves a clause shorter, or as it is. */
const STEPS: readonly ((clause: string) => string)[] = [
  (clause) => cutList(clause, 'select'),
  (clause) => clause.replaceAll(/\((\$\d+|\?), [$\d?, ]+\)/g, '($1, …)'),
  (clause) => clause.replace(/^returning .+/i, (list) => (list.length > 14 ? 'returning …' : list)),
  (clause) => (/^(?:insert|replace|values)\b/i.test(clause) ? cutGroups(clause, () => true) : clause),
  (clause) => clause.replace(/^((?:order|group) by) .+/i, '$1 …'),
  (clause) => cutGroups(clause, (group) => /^\(\s*(?:select|with|values)\b/i.test(group)),
  (clause) => cutList(clause, 'set'),
  (clause) => clause.replace(/^set .+/i, 'set …'),
  (clause) =>
    /^from\b/i.test(clause) ? clause.replaceAll(/ on .+?(?= (?:\w+ )*join |$)/gi, ' on …') : clause,
  (clause) => clause.replace(/^(select(?: distinct)?) .+/i, '$1 …'),
  (clause) => clause.replace(/^(from [^ ,]+)(?:,| ).*\b(?:join|,)\b.*/i, '$1 …'),
  (clause) => (/^(?:where|having)\b/i.test(clause) ? cutEnd(clause, 48) : clause),
]

/** Text that has no clause in it: a quoted name, a parenthesis, or the keyword of a clause. */
const MARKS =
  /"(?:[^"]|"")*"|`[^`]*`|[()]|\b(?:select|from|where|group by|having|order by|limit|offset|fetch|returning|values|set|on conflict|on duplicate key|union(?: all)?|intersect|except|for (?:no key )?(?:update|share))\b/gi

/** The clauses of a statement itself, with their keywords. */
function clausesOf(statement: string): readonly string[] {
  const starts = [0]
  let depth = 0
  for (const { 0: mark, index } of statement.matchAll(MARKS)) {
    if (mark === '(') depth++
    else if (mark === ')') depth--
    else if (depth === 0 && index > 0 && /^\w/.test(mark) && statement[index - 1] === ' ') starts.push(index)
  }
  return starts.map((start, index) => statement.slice(start, starts[index + 1]).trim())
}

/** Leaves the first element of a list, if a comma follows: `select "id", …`. */
function cutList(clause: string, keyword: string): string {
  if (!clause.toLowerCase().startsWith(`${keyword} `)) return clause
  let depth = 0
  for (const { 0: mark, index } of clause.matchAll(/"(?:[^"]|"")*"|`[^`]*`|[(),]/g)) {
    if (mark === '(') depth++
    else if (mark === ')') depth--
    else if (mark === ',' && depth === 0)
      return clause.slice(index) === ', …' ? clause : `${clause.slice(0, index)}, …`
  }
  return clause
}

/** Replaces the outermost groups in parentheses by `(…)`; of several in a row it leaves one. */
function cutGroups(clause: string, isCut: (group: string) => boolean): string {
  let result = ''
  let depth = 0
  let from = 0
  for (const { 0: mark, index } of clause.matchAll(/"(?:[^"]|"")*"|`[^`]*`|[()]/g)) {
    if (mark === '(' && depth++ === 0) {
      result += clause.slice(from, index)
      from = index
    }
    if (mark === ')' && --depth === 0) {
      const group = clause.slice(from, index + 1)
      result += isCut(group) ? '(…)' : group
      from = index + 1
    }
  }
  return (result + clause.slice(from)).replaceAll(/\(…\)(?:, \(…\))+/g, '(…)')
}

function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, text.lastIndexOf(' ', width - 2))} …`
}

/** Keeps the beginning and the end, and cuts between words. */
function cutInTheMiddle(text: string, width: number): string {
  const half = Math.floor((width - 3) / 2)
  const head = text.slice(0, half).replace(/\s\S*$/, '')
  const tail = text.slice(text.length - half).replace(/^\S*\s/, '')
  return `${head} … ${tail}`
}
