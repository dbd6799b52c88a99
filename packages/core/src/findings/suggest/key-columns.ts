import type { ParameterUse } from '../../sql/tree/statement-traits.js'
import { nameOf } from './code-names.js'
import type { LoopedStatement } from './looped-statement.js'

/** A column whose value tells one execution from the next. */
export interface KeyColumn {
  /** As code names it. */
  readonly column: string
  /** The same with the table or alias in front if the statement has one there. */
  readonly reference: string
  readonly use: ParameterUse
  readonly parameter: number
}

/** More than Kysely has tuples for. */
const MAX_KEYS = 5
const EQUALITY = /^(?:=|in|any)$/
/** The operators of Kysely's that a constant condition is taken over with. */
const OPERATOR = /^(?:=|<>|!=|<|<=|>|>=|like|ilike|in)$/

/**
 * The columns that the given parameters are compared with.
 *
 * @returns `undefined` where a list in their place would not give what the repeats give together: a parameter in an
 *   expression, in a subquery, behind OR, or compared by anything but equality
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
    if (keys.some((key) => key.reference === reference)) return undefined
    // `id in ($1, $2)`, of which one stays.
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

/** The condition that all of the keys satisfy. */
export function conditionOf(keys: readonly KeyColumn[], system: string): string {
  const [key] = keys
  if (key !== undefined && keys.length === 1) return `.where('${key.reference}', 'in', ${listName(key)})`
  const references = keys.map(({ reference }) => `'${reference}'`).join(', ')
  const values = keys.map(({ column }) => `row.${column}`).join(', ')
  // Neither SQLite nor SQL Server compares rows with a list of rows.
  if (/^(?:postgresql|mysql|mariadb)$/.test(system)) {
    return `.where((eb) => eb(eb.refTuple(${references}), 'in', rows.map((row) => eb.tuple(${values}))))`
  }
  const pairs = keys.map(({ reference, column }) => `${propertyOf(reference)}: row.${column}`).join(', ')
  return `.where((eb) => eb.or(rows.map((row) => eb.and({ ${pairs} }))))`
}

/** What stands for the values of a key. */
export function listName({ column }: KeyColumn): string {
  return /(?:^|_)(?:uu|gu)?id$|Id$/i.test(column) ? 'ids' : 'values'
}

/** What a statement wants besides its keys. */
export interface OtherConditions {
  /** `.where('tenant_id', '=', …)` */
  readonly code: string
  /** Whether there are such that the code does not have. */
  readonly hasMore: boolean
}

/** The conditions that are alike in all repeats. */
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
