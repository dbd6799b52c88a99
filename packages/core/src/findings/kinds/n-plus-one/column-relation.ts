import { relationOf as relationWith } from '../../suggest/code-names.js'
import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { ParameterUse, StatementTraits } from '../../../sql/tree/statement-traits.js'

/** A column and its table, with normalized names. */
interface TableColumn {
  readonly column: string
  readonly table: string
}

/** Names of keys without the name of a table. */
const KEY = /^(?:id|uuid|guid|key|code|no|number|slug|ref)$/
/** Names that end like a key, such as `post_id`. */
const REFERENCE = /(?:id|uuid|guid|key|code|number|slug|ref)$/

/**
 * Rates how likely the names make a reference between a source's column and the column that a parameter is compared with.
 * 2: `comments.post_id` and `posts.id`, `authors.id` and `posts.author_id`, or the key of one table. 1.5: the same
 * reference in both, such as `post_tags.post_id` and `comments.post_id`. 1: `users.id` and `posts.author_id`. 0.5: the
 * same name that is no key, such as `status`. 0: no relation.
 *
 * @param table the table of the parameter's column
 */
export function relationOf(
  source: QueryShape,
  column: string,
  use: ParameterUse | undefined,
  table: string,
): number {
  if (use?.column === undefined) return 0
  const from = tableColumn(column, tableOf(source))
  const to = tableColumn(use.column, table)
  if (from.column === to.column) {
    if (KEY.test(from.column)) return from.table === to.table ? 2 : 0
    return REFERENCE.test(from.column) ? 1.5 : 0.5
  }
  if (KEY.test(from.column)) return referenceTo(from, to.column)
  return KEY.test(to.column) ? referenceTo(to, from.column) : 0
}

/** Whether a column, such as `author_id`, refers to a key, such as `authors.id`. */
function referenceTo({ column: key, table }: TableColumn, reference: string): number {
  if (!reference.endsWith(key)) return 0
  const name = reference.slice(0, -key.length)
  // Singular and plural may differ in the last letter: `category` and `categories`.
  return name.length > 2 && table.startsWith(name.slice(0, -1)) ? 2 : 1
}

/** The table of the column that a parameter is compared with. */
export function tableOfUse(
  use: ParameterUse | undefined,
  { outline }: StatementTraits,
  shape: QueryShape,
): string {
  const relation = outline && relationWith(outline, use?.qualifier)
  return relation?.path.at(-1) ?? tableOf(shape)
}

function tableOf({ tables: [table = ''] }: QueryShape): string {
  return table.slice(table.lastIndexOf('.') + 1)
}

function tableColumn(column: string, table: string): TableColumn {
  return { column: normalizedName(column), table: normalizedName(table) }
}

/** The name without case, underscores and quotes: `post_id` and `postId` become equal. */
export function normalizedName(name: string): string {
  return name.replace(/[_"]/g, '').toLowerCase()
}
