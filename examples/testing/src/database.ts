import { querylens } from '@querylens/kysely-plugin'
import { Kysely, PostgresDialect, type Generated } from 'kysely'
import pg from 'pg'

export interface Library {
  authors: { id: Generated<number>; name: string }
  books: { id: Generated<number>; author_id: number; title: string }
  loans: { id: Generated<number>; book_id: number; reader: string }
}

export type LibraryDatabase = Kysely<Library>

export function openDatabase(connectionString: string): LibraryDatabase {
  const pool = new pg.Pool({ connectionString })
  return new Kysely<Library>(
    querylens({ dialect: new PostgresDialect({ pool }) }, { connection: connectionString }),
  )
}
