import type { OutlinedRelation, StatementOutline } from '../../sql/tree/statement-outline.js'
import type { NameInCode } from '../../name-in-code.js'

/** A table in a statement, as the application's code names it. */
export interface CodeTable {
  /** Its name in the database. */
  readonly table: string
  /** As an argument of `selectFrom`: `posts`, `posts as p`. */
  readonly listed: string
  /** The prefix of its columns: `posts`, `p`. */
  readonly qualifier: string
}

/**
 * A name as the application's code writes it.
 *
 * @returns `undefined` if it is no plain identifier: SQLite and MySQL name a column after its expression, which may hold
 *   literals
 */
export function nameOf(name: string | undefined, nameInCode: NameInCode): string | undefined {
  if (name === undefined || !isPlain(name)) return undefined
  const inCode = nameInCode(name)
  return isPlain(inCode) ? inCode : undefined
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_][\w$]*$/.test(name)
}

/**
 * Finds the relation that a column belongs to. A column without a qualifier belongs to the statement's only relation.
 *
 * @param qualifier a table or an alias
 */
export function relationOf(
  { relations }: StatementOutline,
  qualifier: string | undefined,
): OutlinedRelation | undefined {
  if (qualifier === undefined) return relations.length === 1 ? relations[0] : undefined
  const found = relations.filter(({ path, alias }) => (alias ?? path.at(-1)) === qualifier)
  return found.length === 1 ? found[0] : undefined
}

/**
 * A relation as the application's code names it.
 *
 * @returns `undefined` if the name in the code is uncertain, such as that of a table with a schema: the schema may come
 *   from `withSchema`
 */
export function tableOf(
  relation: OutlinedRelation | undefined,
  tables: readonly string[],
  nameInCode: NameInCode,
): CodeTable | undefined {
  if (relation === undefined || relation.kind !== 'table' || relation.path.length !== 1) return undefined
  const [table] = relation.path
  const name = nameOf(table, nameInCode)
  // The tables of a shape do not include CTEs.
  if (name === undefined || table === undefined || !tables.includes(table)) return undefined
  if (relation.alias === undefined) return { table, listed: name, qualifier: name }
  const alias = nameOf(relation.alias, nameInCode)
  return alias === undefined ? undefined : { table, listed: `${name} as ${alias}`, qualifier: alias }
}
