import { readOutline, type SelectedColumn, type StatementOutline } from '../../sql/tree/statement-outline.js'
import { nameOf, relationOf, tableOf, type CodeTable } from './code-names.js'
import type { FindingSource } from '../../messages/finding.js'
import { otherConditionsOf, type KeyColumn } from './key-columns.js'
import type { NameInCode } from '../../name-in-code.js'
import type { LoopedStatement } from './looped-statement.js'

/** Kysely's JSON helpers. MariaDB has none: the helpers of MySQL cast to a type JSON, which MariaDB lacks. */
const HELPERS: ReadonlyMap<string, string> = new Map([
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
  ['microsoft.sql_server', 'mssql'],
])
/** Columns that hold the key of their table. Others, such as `slug`, may be unique within a part of the table only. */
const UNIQUE = /^(?:id|uuid|guid)$/i
const MAX_COLUMNS = 5

/** Code that replaces the loop's query and, if it is a part of it, extends the source query. */
export interface SuggestedJoin {
  /** Whether the code is an addition to the source query; otherwise it is a whole instruction. */
  readonly isPart: boolean
  readonly text: string
}

/**
 * Suggests how the source query loads the rows of the loop's query as well.
 *
 * @returns `undefined` if the columns or tables are uncertain
 */
export function suggestJoin(
  statement: LoopedStatement,
  keys: readonly KeyColumn[],
  outline: StatementOutline,
): SuggestedJoin | undefined {
  const { execution, source, nameInCode } = statement
  const [key] = keys
  if (source === undefined || key === undefined || keys.length > 1) return undefined
  if (statement.hasListEach || statement.sourceHasLists) return undefined
  if (key.parameter !== (statement.sourceParameter ?? key.parameter)) return undefined
  // One query cannot read two databases.
  if (source.execution.database !== execution.database) return undefined
  const relation = relationOf(outline, key.use.qualifier)
  // A subquery could not start from a table that the loop's query joins.
  if (relation !== outline.relations[0]) return undefined
  const own = tableOf(relation, execution.shape.tables, nameInCode)
  const origin = originOf(source, nameInCode)
  if (own === undefined || origin === undefined || outline.aggregated) return undefined
  if (origin.table === own.table) return { isPart: false, text: treeOf(statement, key, own, origin) }
  if (origin.qualifiers.includes(own.qualifier)) return undefined
  const text = joinOf(statement, key, own, origin)
  return text === undefined ? undefined : { isPart: true, text }
}

/** The column of the source query that supplies the parameters of the loop. */
interface Origin {
  /** Its name in the database; `undefined` for a subquery. */
  readonly table: string | undefined
  /** As the application's code names it. */
  readonly column: string
  readonly qualifier: string
  /** Whether the query selects all columns of all its relations, so that a join would add columns. */
  readonly selectsAll: boolean
  /** The qualifiers of all relations of the query. */
  readonly qualifiers: readonly (string | undefined)[]
  readonly summary: string
}

function originOf({ execution, column }: FindingSource, nameInCode: NameInCode): Origin | undefined {
  const { shape } = execution
  if (shape.kind !== 'select' || shape.truncated) return undefined
  // Querylens has kept only its text without literals.
  const outline = readOutline(shape.text, shape.dialect)
  if (outline === undefined || outline.combined || outline.aggregated || outline.distinct) return undefined
  const selected = column === undefined ? undefined : selectedAs(column, outline)
  const relation = selected && relationOf(outline, selected.qualifier)
  if (selected === undefined || relation === undefined) return undefined
  const { alias, path } = relation
  const qualifierOf = (name: string | undefined, names: readonly string[]): string | undefined =>
    nameOf(name ?? (names.length === 1 ? names[0] : undefined), nameInCode)
  const inCode = nameOf(selected.column, nameInCode)
  const qualifier = qualifierOf(alias, path)
  if (inCode === undefined || qualifier === undefined || relation.kind === 'function') return undefined
  return {
    table: path.at(-1),
    column: inCode,
    qualifier,
    selectsAll: outline.selected.some((other) => other?.name === '*' && other.qualifier === undefined),
    qualifiers: outline.relations.map((other) => qualifierOf(other.alias, other.path)),
    summary: shape.summary,
  }
}

/** Finds the selected column behind the name of a result's column. */
function selectedAs(name: string, { selected, relations }: StatementOutline): SelectedColumn | undefined {
  const named = selected.filter((other) => other?.name === name)
  if (named.length > 0) return named.length === 1 && named[0]?.column !== undefined ? named[0] : undefined
  // An expression without an alias may have any name.
  if (selected.includes(undefined)) return undefined
  const all = selected.filter((other) => other?.name === '*')
  if (all.length !== 1 || (all[0]?.qualifier === undefined && relations.length !== 1)) return undefined
  return { name, column: name, qualifier: all[0]?.qualifier }
}

/** The suggestion for rows that refer to rows of the same table. */
function treeOf(
  statement: LoopedStatement,
  key: KeyColumn,
  { table, listed, qualifier }: CodeTable,
  origin: Origin,
): string {
  if (origin.column === key.column) return `select all columns that you need in ${origin.summary}`
  const levels = 'run one such query for each level of the tree'
  const { code, hasMore } = otherConditionsOf(statement)
  const isAll = isAlone(statement.traits.outline) && code === '' && !hasMore
  // Kysely writes RECURSIVE, a word that SQL Server rejects.
  if (!isAll || statement.execution.shape.dialect === 'microsoft.sql_server' || table === 'tree')
    return levels
  const from = `db.selectFrom('${listed}').selectAll('${qualifier}')`
  const root = `.where('${qualifier}.${key.column}', '=', …)`
  const next = `${from}.innerJoin('tree', 'tree.${origin.column}', '${qualifier}.${key.column}')`
  return `${levels}, or load the whole tree: \`.withRecursive('tree', (db) => ${from}${root}.unionAll(${next}))\``
}

/** A join if it adds columns and no rows, otherwise a subquery that returns JSON. */
function joinOf(
  statement: LoopedStatement,
  key: KeyColumn,
  own: CodeTable,
  { qualifier: outer, column, selectsAll }: Origin,
): string | undefined {
  const { execution, traits, returnsOne, limitedToOne, nameInCode } = statement
  const { listed, qualifier } = own
  const origin = `${outer}.${column}`
  const inner = `${qualifier}.${key.column}`
  const others = otherConditionsOf(statement, ({ column, qualifier: written }) => {
    const name = nameOf(column, nameInCode)
    const isOwn = written === undefined ? isAlone(traits.outline) : nameOf(written, nameInCode) === qualifier
    return name === undefined || !isOwn ? undefined : `${qualifier}.${name}`
  })
  const isPlain =
    isAlone(traits.outline) && !others.hasMore && !traits.limited && traits.outline?.windowed === false
  const isKey = returnsOne && isAlone(traits.outline) && UNIQUE.test(key.column)
  if (isPlain && !selectsAll && others.code === '' && isKey) {
    // The column names of the source query may be ambiguous in a join.
    return `\`.leftJoin('${listed}', '${inner}', '${origin}').select([…])\`, and write ${outer}. before its own columns`
  }
  const helper = HELPERS.get(execution.shape.dialect)
  if (helper === undefined) return undefined
  const select = isPlain ? selectOf(statement, qualifier) : '…'
  // A subquery for an object fails for a second row.
  const isOne = isKey || limitedToOne
  const limit = limitedToOne ? (helper === 'mssql' ? '.top(1)' : '.limit(1)') : ''
  const query = `eb.selectFrom('${listed}')${select}.whereRef('${inner}', '=', '${origin}')${others.code}${limit}`
  const name = isOne ? 'jsonObjectFrom' : 'jsonArrayFrom'
  const order = traits.outline?.ordered === true ? ' in the same order' : ''
  return `\`.select((eb) => ${name}(${query}).as('${qualifier}'))\` from kysely/helpers/${helper}${order}`
}

/** The code for the columns that the loop's query selects; `…` for more than five and for expressions. */
function selectOf({ execution, traits, nameInCode }: LoopedStatement, qualifier: string): string {
  const selected = traits.outline?.selected ?? []
  if (selected.length === 1 && selected[0]?.name === '*') {
    // The helpers for MySQL and SQLite need the names of the columns.
    const isSelectAllSupported = /^(?:postgresql|microsoft\.sql_server)$/.test(execution.shape.dialect)
    return isSelectAllSupported ? `.selectAll('${qualifier}')` : '.select([…])'
  }
  const names = selected.map((other) => {
    return other?.column === other?.name ? nameOf(other?.column, nameInCode) : undefined
  })
  if (names.length === 0 || names.length > MAX_COLUMNS || names.includes(undefined)) return '…'
  return `.select([${names.map((name) => `'${qualifier}.${name}'`).join(', ')}])`
}

function isAlone(outline: StatementOutline | undefined): boolean {
  return outline?.relations.length === 1
}
