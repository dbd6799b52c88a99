import { sql } from 'kysely'

import type { LibraryDatabase } from './database.ts'

export interface Book {
  readonly id: number
  readonly title: string
  readonly author: string
}

/** One query for a page of books, however many they are. */
export async function listBooks(db: LibraryDatabase, limit: number): Promise<readonly Book[]> {
  return await db
    .selectFrom('books')
    .innerJoin('authors', 'authors.id', 'books.author_id')
    .select(['books.id', 'books.title', 'authors.name as author'])
    .orderBy('books.title')
    .orderBy('books.id')
    .limit(limit)
    .execute()
}

/** The old export: a query for each author. Some of its tests show how Querylens reports that. */
export async function exportBooks(db: LibraryDatabase): Promise<readonly string[]> {
  const authors = await db.selectFrom('authors').selectAll().orderBy('id').execute()
  const lines: string[] = []
  for (const author of authors) {
    const books = await booksOf(db, author.id)
    lines.push(`${author.name}: ${books.map(({ title }) => title).join(', ')}`)
  }
  return lines
}

function booksOf(db: LibraryDatabase, authorId: number): Promise<readonly { readonly title: string }[]> {
  return db.selectFrom('books').select('title').where('author_id', '=', authorId).execute()
}

/** Lends a book in one transaction: a lock, and an insert. */
export async function lendBook(db: LibraryDatabase, bookId: number, reader: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .selectFrom('books')
      .select('id')
      .where('id', '=', bookId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    await transaction.insertInto('loans').values({ book_id: bookId, reader }).execute()
  })
}

export async function countLoans(db: LibraryDatabase): Promise<number> {
  const { count } = await db
    .selectFrom('loans')
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
