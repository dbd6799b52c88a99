import { relationOf as relationWith } from '../../suggest/code-names.js'
import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { ParameterUse, StatementTraits } from '../../../sql/tree/statement-traits.js'

/** What is compared: a column of a statement's table. */
interface Place {
  readonly column: string
  readonly table: string
}

/** Names that say nothing of the table that they are in. */
const KEY = /^(?:id|uuid|guid|key|code|no|number|slug|ref)$/
/** Names that end like a key, such as `post_id`. */
const REFERENCE = /(?:id|uuid|guid|key|code|number|slug|ref)$/

/**
 * How much the names of a source's column and of what a parameter is compared with speak for a reference between
 * them: 2 for `comments.post_id` and `posts.id`, `authors.id` and `posts.author_id`, or the same key in both; 1 for
 * `users.id` and `posts.author_id`; 0.5 for the same name of another kind, such as `status`; 0 for none.
 *
 * @param table that the parameter's column is in
 */
export function relationOf(
  source: QueryShape,
  column: string,
  use: ParameterUse | undefined,
  table: string,
): number {
  if (use?.column === undefined) return 0
  const from = placeOf(column, tableOf(source))
  const to = placeOf(use.column, table)
  if (from.column === to.column) {
    if (KEY.test(from.column)) return from.table === to.table ? 2 : 0
    return REFERENCE.test(from.column) ? 2 : 0.5
  }
  if (KEY.test(from.column)) return referenceTo(from, to.column)
  return KEY.test(to.column) ? referenceTo(to, from.column) : 0
}

/** Whether a column, such as `author_id`, refers to a key, such as `authors.id`. */
function referenceTo({ column: key, table }: Place, reference: string): number {
  if (!reference.endsWith(key)) return 0
  const name = reference.slice(0, -key.length)
  // `category` and `categories` differ at the end.
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

function placeOf(column: string, table: string): Place {
  return { column: comparable(column), table: comparable(table) }
}

/** `post_id` and `postId` are one. */
export function comparable(name: string): string {
  return name.replace(/[_"]/g, '').toLowerCase()
}
