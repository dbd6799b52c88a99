import { analyzeQuery, backslashEscapesOf, nameMergingOf, type QueryShape } from '../shape/query-shape.js'
import { readLongTree } from '../tree/statement-tree.js'
import { nameWriter } from './name-wording.js'
import { QueryWording } from './query-wording.js'

/** UTF-16 units. A longer statement has its summary and its fingerprint in place of words. */
const MAX_LENGTH = 1_000_000

/**
 * A statement in words, for people who review how the queries of a program change: `select books join authors on authors.id =
 * books.author_id where authors.country = ? order by title limit ?`.
 *
 * It changes with the tables, the joins, the conditions, the order and the limit. It stays the same when more columns are
 * selected, an alias gets another name, or values and the lengths of lists change. Statements with one fingerprint have one
 * wording. It holds no value.
 *
 * It takes time and memory in proportion to the statement, and is for tests.
 *
 * @param sql the text of the shape
 * @returns the summary and the fingerprint, `merge books q1:0123456789abcdef`, of a statement that is neither a query nor
 *   a write of rows, that cannot be read with certainty, or that is longer than a million characters
 */
export function wordingOf(shape: QueryShape, sql: string): string {
  return readWording(shape, sql) ?? `${shape.summary.toLowerCase()} ${shape.fingerprint}`.trim()
}

function readWording(shape: QueryShape, sql: string): string | undefined {
  const { dialect } = shape
  if (sql.length > MAX_LENGTH || !isClear(shape, sql)) return undefined
  // Not the text of the shape: the `=?` that it has for `=1` reads as an operator.
  const tree = readLongTree(sql, dialect, backslashEscapesOf(shape))
  if (tree === undefined || tree.hasDoubtfulNames) return undefined
  return new QueryWording(nameWriter(dialect, nameMergingOf(shape))).write(tree.items)
}

/** Whether it is certain what is a literal. The text of a shape ends where it is not, and at a limit, which bulk writes reach. */
function isClear(shape: QueryShape, sql: string): boolean {
  const { truncated, dialect } = shape
  if (!truncated) return true
  const backslashEscapes = backslashEscapesOf(shape)
  return !analyzeQuery(sql, { dialect, backslashEscapes, maxTextLength: MAX_LENGTH }).truncated
}
