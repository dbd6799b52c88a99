import { Keyword } from '../tokens/keywords.js'
import type { StatementKind } from './statement-kind.js'

const { DELETE, EXEC, EXECUTE, INSERT, MERGE, REPLACE, SELECT, TABLE, UPDATE, VALUES, WITH } = Keyword

/** Words between a command and its table. */
export const SKIPPED: ReadonlySet<string> = new Set(
  `ignore low_priority high_priority delayed quick or replace abort fail rollback if exists materialized view
   concurrently full freeze verbose analyze analyse overwrite top percent extended local temp temporary unlogged
   tables`.split(/\s+/),
)
/** Words between EXPLAIN and the statement that are commands elsewhere. */
export const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set(['analyze', 'analyse'])

/** Commands of SQLite that take a name, a path or a key in quotes of any kind. */
export const SETTINGS: ReadonlySet<string> = new Set(['pragma', 'attach', 'detach', 'vacuum'])

/** What a statement is that begins with a keyword. */
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

/** Whether a keyword begins a statement that is no value of a setting. */
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
