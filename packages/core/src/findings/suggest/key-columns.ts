import type { SqlDialect } from '../../sql/shape/query-shape.js'
import type { ParameterUse } from '../../sql/tree/statement-traits.js'
import { nameOf } from './code-names.js'
import type { LoopedStatement } from './looped-statement.js'

/** A column whose value differs from one execution of the loop to the next. */
export interface KeyColumn {
  /** As the application's code names it. */
  readonly column: string
  /** The name with the table or alias as a prefix, if the statement writes one. */
  readonly reference: string
  readonly use: ParameterUse
  readonly parameter: number
}

/** Kysely's tuples take up to five elements. */
const MAX_KEYS = 5
const EQUALITY = /^(?:=|in|any)$/
/** The operators of Kysely that a suggestion repeats in the conditions that stay. */
const OPERATOR = /^(?:=|<>|!=|<|<=|>|>=|like|ilike|in)$/

/**
 * The columns that the given parameters are compared with.
 *
 * @returns `undefined` if one query with a list of their values would not return the rows of all executions: for a
 *   parameter in an expression, in a subquery, after OR, or in a comparison other than equality
 */
export function keyColumnsOf(
  { traits, nameInCode }: LoopedStatement,
  varying: readonly number[],
): readonly KeyColumn[] | undefined {
  const keys: KeyColumn[] = []
  for (const parameter of varying) {
    const use = traits.parameters[parameter]
    if (use === undefined || use.clause !== 'condition' || !use.required || use.negated) return undefined
    const column = nameOf(use.column, nameInCode)
    const reference = column === undefined ? undefined : referenceTo(use, column, nameInCode)
    if (column === undefined || reference === undefined || !EQUALITY.test(use.operator ?? ''))
      return undefined
    const same = keys.find((key) => key.reference === reference)
    // The elements of one list.
    if (same?.use.operator === 'in' && use.operator === 'in') continue
    if (same !== undefined) return undefined
    // In `id in ($1, $2)` one parameter may vary while the other one stays.
    if (traits.parameters.some((other, index) => !varying.includes(index) && isSameColumn(use, other))) {
      return undefined
    }
    keys.push({ column, reference, use, parameter })
  }
  return keys.length === 0 || keys.length > MAX_KEYS ? undefined : keys
}

function isSameColumn(use: ParameterUse, other: ParameterUse | undefined): boolean {
  return other?.clause === use.clause && other.column === use.column && other.qualifier === use.qualifier
}

/**
 * The code of one condition that matches the keys of all executions. With one column it is valid on PostgreSQL for any
 * number of keys, also for none and for more than a statement may have parameters. Otherwise the hint of
 * {@link listHintOf} says what it does not take.
 */
export function conditionOf(keys: readonly KeyColumn[], dialect: SqlDialect): string {
  const [key] = keys
  if (key !== undefined && keys.length === 1) {
    const list = listName(key)
    return dialect === 'postgresql'
      ? `.where('${key.reference}', '=', (eb) => eb.fn.any(eb.val(${list})))`
      : `.where('${key.reference}', 'in', ${list})`
  }
  // An IN with a list of rows is a syntax error for an empty list, and SQLite and SQL Server have none. Kysely writes
  // `1 = 0` for an OR without operands.
  const pairs = keys.map(({ reference, column }) => `${propertyOf(reference)}: row.${column}`).join(', ')
  return `.where((eb) => eb.or(rows.map((row) => eb.and({ ${pairs} }))))`
}

/**
 * Says which lists {@link conditionOf} does not take; empty if it takes all that occur. An IN with an empty list is a
 * syntax error except on SQLite. SQL Server takes 2,100 parameters, SQLite 1,000 levels of an expression, such as operands
 * of one OR.
 */
export function listHintOf(keys: readonly KeyColumn[], dialect: SqlDialect): string {
  const [key] = keys
  if (keys.length > 1 && dialect === 'sqlite') return '; pass at most 900 rows at once'
  if (keys.length > 1 && dialect === 'microsoft.sql_server') return '; pass at most 2,000 values at once'
  if (key === undefined || keys.length > 1 || /^(?:postgresql|sqlite)$/.test(dialect)) return ''
  const list = listName(key)
  const limit = dialect === 'microsoft.sql_server' ? `, and pass at most 2,000 ${list} at once` : ''
  return `; skip it if ${list} is empty${limit}`
}

/** The name of the list of a key's values in suggested code. */
export function listName({ column }: KeyColumn): string {
  return /(?:^|_)(?:uu|gu)?id$|Id$/i.test(column) ? 'ids' : 'values'
}

/** The conditions of a statement besides those on its keys. */
export interface OtherConditions {
  /** Such as `.where('tenant_id', '=', …)`. */
  readonly code: string
  /** Whether the statement has conditions that the code lacks. */
  readonly hasMore: boolean
}

/** The conditions that are the same in all executions. */
export function otherConditionsOf(
  { traits, varying, nameInCode }: LoopedStatement,
  toReference: (use: ParameterUse) => string | undefined = (use) => {
    const column = nameOf(use.column, nameInCode)
    return column === undefined ? undefined : referenceTo(use, column, nameInCode)
  },
): OtherConditions {
  const conditions = new Set<string>()
  let hasMore = traits.otherConditions
  traits.parameters.forEach((use, index) => {
    if (use === undefined || use.clause !== 'condition' || !use.required || varying.includes(index)) return
    const operator = use.operator === 'any' ? 'in' : (use.operator ?? '')
    const reference = toReference(use)
    if (reference === undefined || !OPERATOR.test(operator)) hasMore = true
    else {
      const value = operator === 'in' ? '[…]' : '…'
      const isWord = /^[a-z]/.test(operator)
      if (use.negated && !isWord) hasMore = true
      else conditions.add(`.where('${reference}', '${use.negated ? 'not ' : ''}${operator}', ${value})`)
    }
  })
  return { code: [...conditions].join(''), hasMore }
}

function referenceTo(
  { qualifier }: ParameterUse,
  column: string,
  nameInCode: LoopedStatement['nameInCode'],
): string | undefined {
  if (qualifier === undefined) return column
  const name = nameOf(qualifier, nameInCode)
  return name === undefined ? undefined : `${name}.${column}`
}

function propertyOf(reference: string): string {
  return reference.includes('.') ? `'${reference}'` : reference
}
