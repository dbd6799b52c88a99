import { readConditions } from './conditions.js'
import { readOperand, type Operand } from './operand.js'
import { readRelations, type Relation } from './relations.js'
import { isQuery, readClauses, type Clause } from './statement-clauses.js'
import {
  isGroup,
  isOperator,
  splitAtCommas,
  wordOf,
  type Group,
  type Item,
  type Token,
} from './statement-tree.js'

/** The column that a parameter is compared with or written to. */
export interface ParameterUse {
  /** Without quotes; `undefined` if there is no such column. */
  readonly column: string | undefined
  /** The table or alias in front of the column. */
  readonly qualifier: string | undefined
  /**
   * In lower case and for the column on the left side: `=`, `in`, `like`; `any` for `= any`. `undefined` if the
   * parameter is a part of an expression.
   */
  readonly operator: string | undefined
  /** Whether NOT precedes the operator. */
  readonly negated: boolean
  readonly clause: ParameterClause
  /**
   * Whether all rows of the result satisfy the comparison: only AND combines it with the rest of the statement's own
   * WHERE, and neither side has a cast or a sign.
   */
  readonly required: boolean
}

/**
 * `condition`: WHERE, HAVING or ON; `set`: UPDATE, also in ON CONFLICT; `values`: INSERT; `other`: any other place,
 * such as the columns of a SELECT.
 */
export type ParameterClause = 'condition' | 'set' | 'values' | 'limit' | 'offset' | 'other'

/** The result of {@link readParameterUses}. */
export interface ParameterUses {
  /** By the index of the parameter in the list of parameters, from 0. */
  readonly parameters: readonly (ParameterUse | undefined)[]
  /** Whether an `IN`, `ARRAY` or `VALUES` list has several constants or rows. */
  readonly lists: boolean
  /** Whether the statement's own WHERE contains anything other than comparisons of columns with parameters. */
  readonly otherConditions: boolean
}

/** Parameters from here on have no use, so that `$2147483647` makes no array of that length. */
const MAX_PARAMETERS = 10_000
const PLAIN: ParameterUse = {
  column: undefined,
  qualifier: undefined,
  operator: undefined,
  negated: false,
  clause: 'other',
  required: false,
}

/** Finds the use of each parameter of a statement. */
export function readParameterUses(items: readonly Item[]): ParameterUses {
  const { parameters, lists, otherConditions } = new UseReader(items)
  return { parameters, lists, otherConditions }
}

class UseReader {
  readonly parameters: (ParameterUse | undefined)[] = []
  lists: boolean = false
  otherConditions: boolean = false
  readonly #noted = new Set<Token>()
  /** Statements that were read. A clause is read twice, for its structure and for the rest; a subquery only once. */
  readonly #read = new Set<readonly Item[]>()

  constructor(items: readonly Item[]) {
    this.#readStatement(items, true)
  }

  #readStatement(items: readonly Item[], isOwn: boolean): void {
    if (this.#read.has(items)) return
    this.#read.add(items)
    const clauses = readClauses(items)
    const isCombined = clauses.some(({ name }) => name === 'next')
    const columns = columnsOf(clauses.find(({ name }) => name === 'insert'))
    for (const clause of clauses) this.#readClause(clause, columns, isOwn && !isCombined)
  }

  #readClause({ name, items }: Clause, columns: readonly string[], isOwn: boolean): void {
    switch (name) {
      case 'update':
      case 'from':
        readRelations(items).forEach((relation) => this.#readRelation(relation))
        break
      case 'where':
        this.#readConditions(items, isOwn)
        break
      case 'having':
        this.#readConditions(items, false)
        break
      case 'set':
        splitAtCommas(items).forEach((part) => this.#readAssignment(part))
        break
      case 'values':
        this.#readRows(items.filter(isGroup), columns)
        break
      case 'limit': {
        // MySQL's `limit 20, 10` skips 20 rows.
        const parts = splitAtCommas(items)
        if (parts.length > 1) this.#readRest(parts[0]!, { ...PLAIN, clause: 'offset' })
        return this.#readRest(items, { ...PLAIN, clause: 'limit' })
      }
      case 'fetch':
        return this.#readRest(items, { ...PLAIN, clause: 'limit' })
      case 'offset':
        return this.#readRest(items, { ...PLAIN, clause: 'offset' })
      case 'select':
        // `top(@1)`
        if (wordOf(items[0]) === 'top') this.#readRest(items.slice(0, 2), { ...PLAIN, clause: 'limit' })
        break
      default:
    }
    this.#readRest(items, PLAIN)
  }

  #readRelation({ group, kind, condition }: Relation): void {
    if (kind === 'query' && group !== undefined) this.#readStatement(group.items, false)
    if (kind === 'joined' && group !== undefined) {
      readRelations(group.items).forEach((relation) => this.#readRelation(relation))
    }
    this.#readConditions(condition, false)
  }

  #readConditions(items: readonly Item[], isOwn: boolean): void {
    for (const condition of readConditions(items)) {
      const isRequired = isOwn && !condition.isAlternative
      let isPlain = isRequired && condition.isWhole
      for (const { column, parameter, operator, isNegated } of condition.pairs) {
        const isAltered = column.isAltered || parameter.isAltered
        isPlain &&= !isAltered
        this.#note(parameter, {
          column: column.column,
          qualifier: column.qualifier,
          operator,
          negated: isNegated,
          clause: 'condition',
          // In `a in ($1, 5)` the parameter alone does not select the rows.
          required: isRequired && !isAltered && condition.isWhole,
        })
      }
      if (isOwn && !isPlain) this.otherConditions = true
      this.#readRest(condition.items, { ...PLAIN, clause: 'condition' })
    }
  }

  /** `a = $1`, `(a, b) = ($1, $2)`, `a = a + $1` */
  #readAssignment(items: readonly Item[]): void {
    const target = readOperand(items, 0)
    const value = readOperand(items, target.end + 1)
    const isWhole = isOperator(items[target.end], '=') && value.end === items.length
    const set = ({ column, qualifier }: Operand, isAltered: boolean): ParameterUse => ({
      ...PLAIN,
      column,
      qualifier,
      operator: isAltered ? undefined : '=',
      clause: 'set',
    })
    if (isWhole && target.group !== undefined && value.group !== undefined) {
      const values = splitAtCommas(value.group.items)
      splitAtCommas(target.group.items).forEach((part, index) => {
        const [column, other] = [readOperand(part, 0), readOperand(values[index] ?? [], 0)]
        if (other.end === values[index]?.length) this.#note(other, set(column, other.isAltered))
      })
    } else if (isWhole) this.#note(value, set(target, value.isAltered))
    this.#readRest(items, set(target, true))
  }

  #readRows(rows: readonly Group[], columns: readonly string[]): void {
    if (rows.length > 1) this.lists = true
    for (const { items } of rows) {
      splitAtCommas(items).forEach((part, index) => {
        this.#readRest(part, { ...PLAIN, column: columns[index], clause: 'values' })
      })
    }
  }

  /** Gives all parameters that have no use yet the given one. Reads subqueries, too. */
  #readRest(items: readonly Item[], use: ParameterUse): void {
    items.forEach((item, index) => {
      if (!isGroup(item)) return this.#noteToken(item, use)
      if (isQuery(item)) return this.#readStatement(item.items, false)
      const before = wordOf(items[index - 1])
      const isList = before === 'in' || before === 'array'
      if (isList && splitAtCommas(item.items).length > 1) this.lists = true
      this.#readRest(item.items, isList ? { ...use, operator: 'in' } : use)
    })
  }

  #note({ token }: Operand, use: ParameterUse): void {
    if (token !== undefined) this.#noteToken(token, use)
  }

  #noteToken(token: Token, use: ParameterUse): void {
    const { parameter } = token
    if (parameter === undefined || parameter < 0 || parameter >= MAX_PARAMETERS || this.#noted.has(token))
      return
    this.#noted.add(token)
    const known = this.parameters[parameter]
    // A parameter with two uses is not required: neither use alone determines the effect of another value.
    this.parameters[parameter] = known === undefined ? use : { ...known, required: false }
  }
}

/** The columns in the list of an INSERT. */
function columnsOf(insert: Clause | undefined): readonly string[] {
  if (insert === undefined) return []
  const list = insert.items.find((item, index) => isGroup(item) && wordOf(insert.items[index - 1]) !== 'top')
  return isGroup(list)
    ? splitAtCommas(list.items).map((part) => (isGroup(part[0]) ? '' : (part[0]?.name ?? '')))
    : []
}
