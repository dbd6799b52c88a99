import type { OutlinedRelation, StatementOutline } from '../../sql/tree/statement-outline.js'
import type { NameInCode } from '../../name-in-code.js'

/** A table in a statement, as code names it. */
export interface CodeTable {
  /** As the database calls it. */
  readonly table: string
  /** `posts`, `posts as p` */
  readonly listed: string
  /** What stands in front of its columns: `posts`, `p` */
  readonly qualifier: string
}

/**
 * A name as code has it, if it is one in any code: SQLite and MySQL name columns by their expressions, which may hold
 * literals.
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
 * The relation that columns with a qualifier are of; without one only if there is no other.
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
 * A relation as code names it. Not one with a schema in front, which code may have got from `withSchema`.
 *
 * @returns `undefined` where that is not certain
 */
export function tableOf(
  relation: OutlinedRelation | undefined,
  tables: readonly string[],
  nameInCode: NameInCode,
): CodeTable | undefined {
  if (relation === undefined || relation.kind !== 'table' || relation.path.length !== 1) return undefined
  const [table] = relation.path
  const name = nameOf(table, nameInCode)
  // A CTE is none of the statement's tables.
  if (name === undefined || table === undefined || !tables.includes(table)) return undefined
  if (relation.alias === undefined) return { table, listed: name, qualifier: name }
  const alias = nameOf(relation.alias, nameInCode)
  return alias === undefined ? undefined : { table, listed: `${name} as ${alias}`, qualifier: alias }
}
