import { Keyword } from '../tokens/keywords.js'
import { matchesAt } from './lookahead.js'
import type { StatementKind } from './statement-kind.js'

const { DELETE, EXEC, EXECUTE, INSERT, MERGE, REPLACE, SELECT, TABLE, UPDATE, VALUES, WITH } = Keyword

/** Words between a command and its table. */
export const SKIPPED: ReadonlySet<string> = new Set(
  `ignore low_priority high_priority delayed quick or replace abort fail rollback if exists materialized view
   concurrently full freeze verbose analyze analyse overwrite top percent extended binary local temp temporary unlogged
   tables`.split(/\s+/),
)
/** Words between `EXPLAIN` and its statement that are commands in other places. */
export const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set(['analyze', 'analyse'])

/** Commands of SQLite whose names, paths and keys may have quotes of any kind. */
export const SETTINGS: ReadonlySet<string> = new Set(['pragma', 'attach', 'detach', 'vacuum'])

/** The kind of a statement by its first keyword. */
export const KIND_OF: ReadonlyMap<number, StatementKind> = new Map([
  [SELECT, 'select'],
  [VALUES, 'select'],
  [TABLE, 'select'],
  [INSERT, 'insert'],
  [REPLACE, 'insert'],
  [UPDATE, 'update'],
  [DELETE, 'delete'],
  [MERGE, 'merge'],
])

/** Whether a keyword begins a statement. The value of a T-SQL setting (`SET x ON`) does not. */
export function isCommand(keyword: number): boolean {
  switch (keyword) {
    case SELECT:
    case INSERT:
    case UPDATE:
    case DELETE:
    case MERGE:
    case WITH:
    case EXEC:
    case EXECUTE:
      return true
    default:
      return false
  }
}

/** Whether a keyword calls a procedure in T-SQL. */
export function isExec(keyword: number): boolean {
  return keyword === EXEC || keyword === EXECUTE
}

const BULK_INSERT = /bulk\s+insert\b/iy

/** Whether the word begins T-SQL's `BULK INSERT`. Any other `bulk` is the name of a procedure. */
export function isBulkInsert(sql: string, { start }: { readonly start: number }): boolean {
  return matchesAt(BULK_INSERT, sql, start)
}
