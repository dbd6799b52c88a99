import type { QueryShape } from '../sql/query-shape.js'
import type { ParameterUse, StatementTraits } from '../sql/statement-traits.js'
import type { Finding, FindingSource } from './finding.js'

/** How code calls what the database calls otherwise: `orderId` for `order_id` with Kysely's `CamelCasePlugin`. */
export type NameInCode = (name: string) => string

/** What a suggestion is made of. */
export interface RepeatedStatement {
  readonly shape: QueryShape
  readonly traits: StatementTraits
  readonly nameInCode: NameInCode
  /** Which parameter changes from one execution to the next, if it is one. */
  readonly parameter: number | undefined
  readonly source: FindingSource | undefined
  /** Whether no execution has returned more than one row. */
  readonly returnsOne: boolean
}

/** How to read all at once what a loop reads one by one. */
export function suggestOneQuery(statement: RepeatedStatement): string {
  const { shape, nameInCode, source, returnsOne } = statement
  const use = useOf(statement)
  const [table] = shape.tables
  if (use?.column === undefined || table === undefined) {
    return 'load all of them with one query before the loop: where … in (…), or a join'
  }
  const column = nameInCode(use.column)
  const ids = plural(column)
  const list = `.where('${qualified(use, nameInCode)}', 'in', ${ids})`
  const one = `load them all with one query before the loop: ${list}`
  const of = source?.execution.shape
  const sourceTable = of?.tables[0]
  if (source?.column === undefined || sourceTable === undefined) return one
  const sourceColumn = `${nameInCode(sourceTable)}.${nameInCode(source.column)}`
  const inner = `${nameInCode(table)}.${column}`
  const other = returnsOne
    ? `.innerJoin('${nameInCode(table)}', '${inner}', '${sourceColumn}')`
    : `jsonArrayFrom(eb.selectFrom('${nameInCode(table)}')….whereRef('${inner}', '=', '${sourceColumn}'))`
  return `${one} (${ids} being the ${nameInCode(source.column)} of all rows of ${of?.summary}), or with it: ${other}`
}

/** How to write all at once what a loop writes one by one. */
export function suggestOneWrite(statement: RepeatedStatement): string {
  const { shape, traits, nameInCode } = statement
  const table = nameInCode(shape.writtenTables[0] ?? shape.tables[0] ?? '…')
  const use = useOf(statement)
  switch (shape.kind) {
    case 'insert':
      return `insert all rows at once: .insertInto('${table}').values([…]) with one object for each row`
    case 'delete':
      return `delete all rows at once: .deleteFrom('${table}').where('${nameInCode(use?.column ?? 'id')}', 'in', […])`
    default: {
      const key = traits.parameters.findLast(
        (other) => other?.clause === 'condition' && other.column !== undefined,
      )
      const column = nameInCode(key?.column ?? 'id')
      return `update all rows at once: .updateTable('${table}').from(values).set(…).whereRef('${table}.${column}', '=', 'values.${column}'), or .where('${column}', 'in', […]) where all get the same`
    }
  }
}

/** How not to ask twice. */
export function suggestOnce({ count, distinctCount, avoidableCount }: Finding): string {
  const each = distinctCount > 1 ? 'each of them once' : 'it once'
  return `load ${each} in this scope and pass it on, or keep it in a loader or cache for the scope: ${avoidableCount} of ${count} calls would be saved`
}

function useOf({ traits, parameter }: RepeatedStatement): ParameterUse | undefined {
  return parameter === undefined ? undefined : traits.parameters[parameter]
}

/** With the table in front only if the statement has it there. */
function qualified({ qualifier, column = '' }: ParameterUse, nameInCode: NameInCode): string {
  const name = nameInCode(column)
  return qualifier === undefined ? name : `${nameInCode(qualifier)}.${name}`
}

function plural(column: string): string {
  const word = column.replace(/^.*_/, '')
  return /id$/i.test(word) ? 'ids' : `${word}s`
}
