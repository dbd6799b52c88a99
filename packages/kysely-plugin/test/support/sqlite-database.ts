import { DatabaseSync } from 'node:sqlite'

import type { SqliteDatabase } from 'kysely'

/**
 * Node's own SQLite behind the interface that Kysely's `SqliteDialect` expects of better-sqlite3.
 *
 * @param onStatement is told every statement that reaches SQLite
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
