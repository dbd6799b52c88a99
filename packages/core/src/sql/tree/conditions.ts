import { flipped, readComparison, readOperand, type Operand } from './operand.js'
import { isQuery } from './statement-clauses.js'
import { isGroup, isKind, splitAtCommas, wordOf, type Group, type Item } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/** One of the conditions that AND or OR combines. */
export interface Condition {
  readonly items: readonly Item[]
  /** Whether the result may contain rows that do not satisfy it, because OR or NOT surrounds it. */
  readonly isAlternative: boolean
  /** The columns and parameters that it compares; empty if it is not a comparison. */
  readonly pairs: readonly Pair[]
  /** Whether the condition consists of these comparisons alone. */
  readonly isWhole: boolean
}

/** A column that is compared with a parameter. */
export interface Pair {
  readonly column: Operand
  readonly parameter: Operand
  readonly operator: string
  readonly isNegated: boolean
}

/** Splits the condition of a WHERE, HAVING or ON at its ANDs and ORs. */
export function readConditions(items: readonly Item[]): readonly Condition[] {
  const conditions: Condition[] = []
  addConditions(items, false, conditions)
  return conditions
}

function addConditions(items: readonly Item[], isAlternative: boolean, conditions: Condition[]): void {
  const { parts, hasOr } = splitConditions(items)
  for (const part of parts) addCondition(part, isAlternative || hasOr, conditions)
}

function splitConditions(items: readonly Item[]): {
  readonly parts: readonly (readonly Item[])[]
  readonly hasOr: boolean
} {
  const parts: Item[][] = [[]]
  let hasOr = false
  let cases = 0
  let isBetween = false
  for (const item of items) {
    const word = wordOf(item)
    if (word === 'case') cases++
    else if (word === 'end' && cases > 0) cases--
    if (cases === 0 && word === 'between') isBetween = true
    else if (cases === 0 && word === 'and' && isBetween) isBetween = false
    else if (cases === 0 && /^(?:and|or|xor)$/.test(word)) {
      hasOr ||= word !== 'and'
      isBetween = false
      parts.push([])
      continue
    }
    parts.at(-1)!.push(item)
  }
  return { parts: parts.filter((part) => part.length > 0), hasOr }
}

function addCondition(items: readonly Item[], isAlternative: boolean, conditions: Condition[]): void {
  const [first] = items
  if (wordOf(first) === 'not') return addCondition(items.slice(1), true, conditions)
  const isNested = isGroup(first) && items.length === 1 && !first.isBracket && !isQuery(first)
  if (isNested && !first.items.some((item) => isKind(item, TokenKind.Comma))) {
    return addConditions(first.items, isAlternative, conditions)
  }
  conditions.push({ items, isAlternative, ...compare(items) })
}

type Compared = Pick<Condition, 'pairs' | 'isWhole'>
const NOTHING: Compared = { pairs: [], isWhole: false }

function compare(items: readonly Item[]): Compared {
  const left = readOperand(items, 0)
  const comparison = readComparison(items, left.end)
  if (comparison === undefined) return NOTHING
  const { operator, isNegated, end } = comparison
  const pair = (column: Operand, parameter: Operand): Pair => ({ column, parameter, operator, isNegated })
  if (operator === 'between') {
    const low = readOperand(items, end)
    const high = readOperand(items, low.end + 1)
    return high.end === items.length ? match([pair(left, low), pair(left, high)]) : NOTHING
  }
  const list = items[end]
  const isList = operator === 'in' || /^any$| (?:any|some|all)$/.test(operator)
  if (isList) return isGroup(list) && end + 1 === items.length ? compareList(left, list, pair) : NOTHING
  const right = readOperand(items, end)
  if (right.end !== items.length) return NOTHING
  if (left.group !== undefined && right.group !== undefined) {
    return match(pairRows(left.group, right.group, pair))
  }
  if (right.kind !== 'column') return match([pair(left, right)])
  const other = flipped(operator)
  return other === undefined ? NOTHING : match([{ ...pair(right, left), operator: other }])
}

type MakePair = (column: Operand, parameter: Operand) => Pair

/** `a in ($1, $2)`, `(a, b) in (($1, $2))`, `a = any($1)`, `a = any(array[$1])` */
function compareList(left: Operand, list: Group, pair: MakePair): Compared {
  if (isQuery(list)) return NOTHING
  const [array, brackets] = list.items
  if (wordOf(array) === 'array' && isGroup(brackets)) {
    const inList: MakePair = (column, parameter) => ({ ...pair(column, parameter), operator: 'in' })
    return match(elementsOf(brackets).map((element) => inList(left, element)))
  }
  const { group } = left
  if (group === undefined) return match(elementsOf(list).map((element) => pair(left, element)))
  return match(
    elementsOf(list).flatMap((row) => (row.group === undefined ? [] : pairRows(group, row.group, pair))),
  )
}

function pairRows(columns: Group, values: Group, pair: MakePair): readonly Pair[] {
  const others = elementsOf(values)
  return elementsOf(columns).map((column, index) => pair(column, others[index] ?? column))
}

/** The elements of a list. An expression is of kind `other`, even if it begins with an operand. */
function elementsOf({ items }: Group): readonly Operand[] {
  return splitAtCommas(items).map((part) => {
    const operand = readOperand(part, 0)
    return operand.end === part.length ? operand : { ...operand, kind: 'other', group: undefined }
  })
}

function match(pairs: readonly Pair[]): Compared {
  const matching = pairs.filter(
    ({ column, parameter }) => column.kind === 'column' && parameter.kind === 'parameter',
  )
  return { pairs: matching, isWhole: matching.length === pairs.length && pairs.length > 0 }
}
