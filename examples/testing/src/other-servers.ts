import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'

import { listBooks } from './books.ts'
import type { LibraryDatabase } from './database.ts'

/** The same list with Fastify, whose tests call `inject`. */
export function createFastify(db: LibraryDatabase): FastifyInstance {
  const server = fastify()
  server.get('/books', () => listBooks(db, 20))
  return server
}

/** The same list with Hono, whose tests call `request`. */
export function createHono(db: LibraryDatabase): Hono {
  return new Hono().get('/books', async (context) => context.json(await listBooks(db, 20)))
}

/** The same list as a route handler, as in Next.js. */
export function createHandler(db: LibraryDatabase): { GET(request: Request): Promise<Response> } {
  return {
    async GET(request) {
      const limit = new URL(request.url).searchParams.get('limit') ?? '20'
      return Response.json(await listBooks(db, Number(limit)))
    },
  }
}
