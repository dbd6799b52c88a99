import { isGroup, isKind, wordOf, type Group, type Item } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/** Functions that make rows, or the elements of a list, from one argument. */
const TAKES_MANY =
  /^(?:unnest|generate_subscripts|string_to_array|string_to_table|string_split|regexp_split_to_(?:array|table)|find_in_set|openjson|openxml|xmltable|json_table|json_each|jsonb_each|json_tree|jsonb?_(?:to_recordset|populate_recordset|array_elements(?:_text)?|each(?:_text)?|object_keys))$/

/**
 * Finds the parameters that can hold many rows or keys each: `unnest($1)`, `json_to_recordset($1::json)`,
 * `string_to_array($1, ',')`, `= any($1)`, `$1::bigint[]`.
 *
 * @returns their indexes in the list of parameters, from 0
 */
export function readBulkParameters(items: readonly Item[]): readonly number[] {
  const found = new Set<number>()
  addParameters(items, false, found)
  return [...found]
}

function addParameters(items: readonly Item[], isBulk: boolean, found: Set<number>): void {
  items.forEach((item, index) => {
    if (isGroup(item)) addParameters(item.items, isBulk || takesMany(items, index, item), found)
    else if (item.parameter !== undefined && (isBulk || isCastToArray(items, index + 1))) {
      found.add(item.parameter)
    }
  })
}

/** Whether a group holds the arguments of a call that takes many rows. */
function takesMany(items: readonly Item[], index: number, group: Group): boolean {
  const before = items[index - 1]
  if (before === undefined || isGroup(before)) return false
  const name = before.name.toLowerCase()
  if (TAKES_MANY.test(name)) return true
  // `any(array[$1, $2])` is a list in the statement, `any(select …)` a query.
  if (/^(?:any|all|some)$/.test(before.word)) return isKind(group.items[0], TokenKind.Parameter)
  return before.word === 'cast' && group.items.some((_, at) => isArrayType(group.items, at))
}

/** `::bigint[]`, `::public.mood[]`, `::int array` */
function isCastToArray(items: readonly Item[], start: number): boolean {
  let end = start
  while (isKind(items[end], TokenKind.Cast)) {
    end += 2
    while (isKind(items[end], TokenKind.Dot)) end += 2
    for (; end < items.length; end++) {
      if (isArrayType(items, end)) return true
      // `varchar(20)[]`, `double precision[]`
      const item = items[end]
      if (!isGroup(item) && !/^(?:varying|precision|with|without|time|zone)$/.test(wordOf(item))) break
    }
  }
  return false
}

function isArrayType(items: readonly Item[], index: number): boolean {
  const item = items[index]
  return isGroup(item) ? item.isBracket : wordOf(item) === 'array'
}
