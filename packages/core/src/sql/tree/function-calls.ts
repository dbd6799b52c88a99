import { CALL_SYNTAX, STABLE_EVERYWHERE } from '../functions/call-syntax.js'
import { STABLE_IN_MYSQL } from '../functions/mysql.js'
import {
  CHANGING_WITH_TRANSACTION,
  STABLE_IN_EXTENSIONS,
  STABLE_IN_POSTGRESQL,
} from '../functions/postgresql.js'
import { STABLE_IN_SQL_SERVER } from '../functions/sql-server.js'
import { STABLE_IN_SQLITE, TELLING_TIME_IN_SQLITE } from '../functions/sqlite.js'
import { isQuery } from './statement-clauses.js'
import { isGroup, isKind, wordOf, type Group, type Item, type Token } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/**
 * How long the result of a statement stays the same while no data changes: `always`; within one `transaction`; or
 * `never`. An unknown function is `never`, as in PostgreSQL, where a function is volatile by default.
 */
export type Stability = 'always' | 'transaction' | 'never'

const STABLE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['postgresql', new Set([...STABLE_IN_POSTGRESQL, ...STABLE_IN_EXTENSIONS])],
  ['mysql', STABLE_IN_MYSQL],
  ['mariadb', STABLE_IN_MYSQL],
  ['sqlite', STABLE_IN_SQLITE],
  ['microsoft.sql_server', STABLE_IN_SQL_SERVER],
])

/** Functions without parentheses that return the time. */
const TIME = /^(?:current_date|current_time|current_timestamp|localtime|localtimestamp)$/
/** Strings that PostgreSQL replaces by the current time when it casts them. */
const TIME_LITERAL = /^'(?:now|today|tomorrow|yesterday)'$/i
/** SQL Server's table hints that lock rows or skip locked ones. */
const LOCK_HINT = /^(?:updlock|xlock|holdlock|tablockx|readpast)$/

/** How long the result of a statement stays the same, by the functions that it calls and the locks that it takes. */
export function stabilityOf(items: readonly Item[], system: string): Stability {
  let isTimed = false
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!
    const stability = isGroup(item)
      ? stabilityOf(item.items, system)
      : stabilityAt(items, index, item, system)
    if (stability === 'never') return 'never'
    isTimed ||= stability === 'transaction'
  }
  return isTimed ? 'transaction' : 'always'
}

function stabilityAt(items: readonly Item[], index: number, token: Token, system: string): Stability {
  const { word, text } = token
  const next = items[index + 1]
  if (takesLock(items, index)) return 'never'
  // Only PostgreSQL returns the same time throughout a transaction.
  const timed: Stability = system === 'postgresql' ? 'transaction' : 'never'
  if (TIME.test(word)) return timed
  if (token.kind === TokenKind.StringLiteral) return TIME_LITERAL.test(text) ? timed : 'always'
  if (isVariable(token, system)) return 'never'
  if (token.name === '' || !isGroup(next) || next.isBracket || !isCall(items, index)) return 'always'
  if (CALL_SYNTAX.has(word)) return 'always'
  if (isKind(items[index - 1], TokenKind.Dot) && !/\bpg_catalog\b/.test(textOf(items[index - 2])))
    return 'never'
  return stabilityOfCall(token.name.toLowerCase(), next, system)
}

function stabilityOfCall(name: string, call: Group, system: string): Stability {
  if (system === 'postgresql' && CHANGING_WITH_TRANSACTION.has(name)) return 'transaction'
  if (system === 'sqlite' && TELLING_TIME_IN_SQLITE.has(name)) return tellsTime(call) ? 'never' : 'always'
  return (STABLE.get(system) ?? STABLE_EVERYWHERE).has(name) ? 'always' : 'never'
}

/** `for update`, `lock in share mode`, `with (updlock)`, and what varies as well: `tablesample`, `next value for`. */
function takesLock(items: readonly Item[], index: number): boolean {
  const word = wordOf(items[index])
  const next = wordOf(items[index + 1])
  switch (word) {
    case 'for':
      return /^(?:update|share|no|key)$/.test(next) || wordOf(items[index - 1]) === 'value'
    case 'lock':
      return next === 'in'
    case 'tablesample':
      return true
    default:
      return LOCK_HINT.test(word)
  }
}

/** MySQL's `@total`, `@@rowcount` */
function isVariable({ kind, text }: Token, system: string): boolean {
  if (kind !== TokenKind.Parameter && kind !== TokenKind.Word) return false
  return text.startsWith('@@') || (/^(?:mysql|mariadb)$/.test(system) && text.startsWith('@'))
}

/** Whether a name in front of parentheses is that of a function, not of a type, a CTE or an alias with columns. */
function isCall(items: readonly Item[], index: number): boolean {
  let start = index
  while (isKind(items[start - 1], TokenKind.Dot)) start -= 2
  const before = items[start - 1]
  if (isKind(before, TokenKind.Cast) || /^(?:as|into|with|recursive)$/.test(wordOf(before))) return false
  // `) rows(a, b)`: AS is optional.
  if (isGroup(before)) return /^(?:on|top)$/.test(wordOf(items[start - 2]))
  // `a(b) as (select …)`
  const body = items[index + 3]
  const isCte =
    wordOf(items[index + 2]) === 'as' &&
    (isGroup(body) ? isQuery(body) : /^(?:not|materialized)$/.test(wordOf(body)))
  return !isCte
}

function tellsTime({ items }: Group): boolean {
  return !namesColumn(items) || saysNow(items)
}

function namesColumn(items: readonly Item[]): boolean {
  return items.some((item) =>
    isGroup(item) ? namesColumn(item.items) : item.name !== '' && !item.isConstant,
  )
}

function saysNow(items: readonly Item[]): boolean {
  return items.some((item) => (isGroup(item) ? saysNow(item.items) : /^'now'$/i.test(item.text)))
}

function textOf(item: Item | undefined): string {
  return item === undefined || isGroup(item) ? '' : item.text
}
