import express, { type Express } from 'express'

import { exportBooks, lendBook, listBooks } from './books.ts'
import type { LibraryDatabase } from './database.ts'

/** The library over HTTP. */
export function createApp(db: LibraryDatabase): Express {
  const app = express()
  app.get('/books', async (request, response) => {
    response.json(await listBooks(db, Number(request.query['limit'] ?? 20)))
  })
  app.get('/books/export', async (_, response) => {
    response.type('text').send((await exportBooks(db)).join('\n'))
  })
  app.post('/books/:id/loans', async (request, response) => {
    await lendBook(db, Number(request.params.id), 'Ada')
    response.status(201).end()
  })
  return app
}
