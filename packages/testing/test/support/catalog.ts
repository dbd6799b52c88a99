import type { Kysely } from 'kysely'

import type { Library } from './library.ts'

/** Reads each author's books with a query of its own, in a function of its own. */
export async function authorPages(db: Kysely<Library>): Promise<readonly object[]> {
  const authors = await db.selectFrom('authors').select(['id', 'name']).execute()
  const pages: object[] = []
  for (const author of authors) {
    pages.push({ author, books: await booksOf(db, author.id) })
  }
  return pages
}

export function booksOf(db: Kysely<Library>, author: number) {
  return db
    .selectFrom('books')
    .innerJoin('authors', 'authors.id', 'books.author_id')
    .select(['books.id', 'books.title', 'books.author_id', 'authors.name'])
    .where('books.author_id', '=', author)
    .orderBy('books.title')
    .execute()
}

/** Reads the same five times. */
export async function countBooks(db: Kysely<Library>): Promise<void> {
  for (let times = 0; times < 5; times++) {
    await db.selectFrom('books').select(db.fn.countAll().as('count')).executeTakeFirstOrThrow()
  }
}

/** Runs one statement twice, and another one once. */
export async function addAuthor(db: Kysely<Library>, name: string): Promise<void> {
  if ((await findAuthor(db, name)) === undefined) {
    await db.insertInto('authors').values({ name }).execute()
  }
  await findAuthor(db, name)
}

function findAuthor(db: Kysely<Library>, name: string) {
  return db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()
}

/** Runs so many distinct statements, each once. */
export async function readInManyWays(db: Kysely<Library>, count: number): Promise<void> {
  for (let way = 0; way < count; way++) {
    await db
      .selectFrom('books')
      .select(`title as title${way}` as 'title')
      .limit(1)
      .execute()
  }
}
