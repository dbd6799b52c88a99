import type { SqliteDatabase } from 'kysely'

/** Vite and Jest do not know the module on each version of Node. */
const { DatabaseSync } = process.getBuiltinModule('node:sqlite')

/** `statement.columns()` would say it, but Node has it from 22.16 on. */
const RETURNS_ROWS = /^\s*(?:select|with|values|pragma)\b|\breturning\b/i

/**
 * Node's SQLite with the interface of better-sqlite3, which Kysely's `SqliteDialect` expects.
 *
 * @param onStatement is called for each statement that reaches SQLite
 */
export function openSqliteDatabase(onStatement: (sql: string) => void = () => {}): SqliteDatabase {
  const database = new DatabaseSync(':memory:')
  return {
    close: () => database.close(),
    prepare(sql) {
      onStatement(sql)
      const statement = database.prepare(sql)
      const values = (parameters: readonly unknown[]) => parameters as (string | number | null)[]
      return {
        reader: RETURNS_ROWS.test(sql),
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
  }
}
