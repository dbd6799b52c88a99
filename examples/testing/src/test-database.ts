import { createDatabase } from '@querylens/tool-postgres'
import { sql } from 'kysely'

import { openDatabase, type LibraryDatabase } from './database.ts'

/** A database of its own for a test file, with 5 authors and 20 books. */
export interface TestLibrary {
  readonly db: LibraryDatabase
  close(): Promise<void>
}

export async function openTestLibrary(): Promise<TestLibrary> {
  const server = process.env['QUERYLENS_TEST_DATABASE_URL']
  if (!server) throw new Error('QUERYLENS_TEST_DATABASE_URL is not set: run the tests by `pnpm test`.')
  const database = await createDatabase(server)
  const db = openDatabase(database.connectionString)
  await sql`create table authors (id serial primary key, name text not null)`.execute(db)
  await sql`create table books (id serial primary key, author_id int not null references authors, title text not null)`.execute(
    db,
  )
  await sql`create table loans (id serial primary key, book_id int not null references books, reader text not null)`.execute(
    db,
  )
  await sql`insert into authors (name) select 'Author ' || n from generate_series(1, 5) n`.execute(db)
  await addBooks(db, 20)
  return {
    db,
    close: async () => {
      await db.destroy()
      await database.drop()
    },
  }
}

/** Makes the library hold so many books, for tests of how queries grow. */
export async function addBooks(db: LibraryDatabase, count: number): Promise<void> {
  await sql`truncate books, loans restart identity`.execute(db)
  await sql`insert into books (author_id, title) select n % 5 + 1, 'Book ' || n from generate_series(1, ${sql.lit(count)}) n`.execute(
    db,
  )
}
