import { querylens, type QuerylensOptions } from '@querylens/kysely-plugin'
import { createDatabase } from '@querylens/tool-postgres'
import { Kysely, PostgresDialect, type Generated } from 'kysely'
import pg from 'pg'

/** The tables of the tests. */
export interface Library {
  authors: { id: Generated<number>; name: string }
  books: { id: Generated<number>; author_id: number; title: string }
}

/** A database of its own with authors, of whom each has two books. */
export interface LibraryDatabase {
  readonly db: Kysely<Library>
  readonly pool: pg.Pool
  readonly connectionString: string
  close(): Promise<void>
}

export async function openLibrary(options?: QuerylensOptions, authors = 4): Promise<LibraryDatabase> {
  const server = process.env['QUERYLENS_TEST_DATABASE_URL']
  if (!server) throw new Error('QUERYLENS_TEST_DATABASE_URL is not set: run the tests by `pnpm test`.')
  const database = await createDatabase(server)
  const { connectionString } = database
  const pool = new pg.Pool({ connectionString, max: 4 })
  await pool.query(`
    create table authors (id serial primary key, name text not null);
    create table books (id serial primary key, author_id int not null references authors, title text not null);
    insert into authors (name) select 'author ' || n from generate_series(1, ${authors}) n;
    insert into books (author_id, title) select a, 'book ' || a from generate_series(1, ${authors}) a, generate_series(1, 2);
  `)
  const db = new Kysely<Library>(querylens({ dialect: new PostgresDialect({ pool }) }, options))
  return {
    db,
    pool,
    connectionString,
    close: async () => {
      await db.destroy()
      // Kysely does not end a pool that it has not used.
      if (!pool.ending) await pool.end()
      await database.drop()
    },
  }
}

/** Reads the books of each author with a query of its own. */
export async function listBooks(db: Kysely<Library>): Promise<readonly object[]> {
  const authors = await db.selectFrom('authors').selectAll().execute()
  const books: object[] = []
  for (const { id } of authors) {
    books.push(...(await db.selectFrom('books').selectAll().where('author_id', '=', id).execute()))
  }
  return books
}
