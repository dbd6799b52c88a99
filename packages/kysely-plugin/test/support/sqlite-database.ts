import { DatabaseSync } from 'node:sqlite'

import type { SqliteDatabase } from 'kysely'

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
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
  }
}
