import type { CodeBlock } from '../../../../tools/house/src/code-blocks.ts'

/** The code in a suggestion: its parts between backticks. */
export function codeIn(suggestion: string): readonly string[] {
  return [...suggestion.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code)
}

/** The queries that suggested code extends or replaces. */
export interface CodePlaces {
  /** The query of the loop, such as `db.selectFrom('comments').selectAll()`, without the condition that varies. */
  readonly repeated: string
  /** The source query. */
  readonly source: string
}

/**
 * Completes suggested code to a statement. Code that begins a statement follows `db`, code that reads a second table
 * follows the source query, and other code follows the query of the loop.
 *
 * @param fill the code for each `…`, in order. @default values that compile
 */
export function typeIn(code: string, { repeated, source }: CodePlaces, fill: readonly string[] = []): string {
  const values = [...fill]
  const own = code
    .replaceAll(')….', ').selectAll().')
    .replaceAll('.set(…)', () => `.set(${values.shift() ?? '{}'})`)
    .replaceAll('[…]', () => values.shift() ?? '[]')
    .replaceAll('…', () => values.shift() ?? 'null!')
  if (/^\.(?:insertInto|replaceInto|updateTable|deleteFrom)\(/.test(own)) return `db${own}`
  if (own.startsWith('.withRecursive(')) return `db${own}.selectFrom('tree').selectAll()`
  return /^\.(?:leftJoin|select\(\(eb\))/.test(own) ? `${source}${own}` : `${repeated}${own}`
}

/** A module that compiles only if the code fits the tables. */
export function blockOf(code: string, name: string, helper: string = 'postgres'): CodeBlock {
  const columns = [...new Set([...code.matchAll(/rows\.(\w+)/g)].map(([, column]) => column))]
  const rowsType = code.includes('rows.map')
    ? 'any[]'
    : `AliasedExpression<{ ${columns.map((column) => `${column}: any`).join(', ')} }, 'rows'>`
  const context = [
    `import type { AliasedExpression, Generated, Kysely } from 'kysely'`,
    `import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/${helper}'`,
    TABLES,
    'declare const db: Kysely<Blog>',
    'declare const ids: never[]',
    'declare const values: never[]',
    `declare const rows: ${rowsType}`,
  ].join('\n')
  return {
    path: name,
    line: 1,
    context,
    code: `await ${code}.execute()\nvoid [jsonArrayFrom, jsonObjectFrom, ids, values, rows]`,
  }
}

/** `Blog` of the scenarios, and further tables. */
const TABLES = `interface Blog {
  authors: { id: Generated<number>; name: string; tenant_id: number }
  posts: {
    id: Generated<number>; author_id: number; editor_id: number | null; title: string; key: Generated<string>
    tenant_id: number
  }
  comments: { id: Generated<number>; post_id: number; body: string; likes: Generated<number>; tenant_id: number }
  documents: { id: Generated<string>; title: string; related: string[] }
}`
