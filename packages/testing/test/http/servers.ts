import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import type { Kysely } from 'kysely'

import { listBooks, type Library } from '../support/library.ts'

/** An application with `GET /authors` (one query), `GET /books` (one and one for each author) and `POST /authors` (one). */
export interface Framework {
  readonly name: string
  /** The name of the scope of `GET /books`. */
  readonly scopeName: string
  create(db: Kysely<Library>): Promise<Server>
}

const listAuthors = (db: Kysely<Library>) => db.selectFrom('authors').selectAll().execute()
const countNamed = (db: Kysely<Library>, name: string) =>
  db.selectFrom('authors').where('name', '=', name).select('id').execute()

export const frameworks: readonly Framework[] = [
  {
    name: 'node:http',
    scopeName: 'GET /books',
    create: async (db) =>
      createServer((request, response) => {
        const work = async () => {
          if (request.url === '/authors' && request.method === 'POST') {
            const chunks: Buffer[] = []
            for await (const chunk of request) chunks.push(chunk as Buffer)
            const { name } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { name: string }
            return countNamed(db, name)
          }
          if (request.url === '/moved') return undefined
          return request.url === '/books' ? listBooks(db) : listAuthors(db)
        }
        work().then(
          (result) => {
            if (result === undefined) response.writeHead(302, { location: '/authors' }).end()
            else response.setHeader('content-type', 'application/json').end(JSON.stringify(result))
          },
          () => response.writeHead(500).end('{}'),
        )
      }),
  },
  {
    name: 'Express',
    scopeName: 'GET /books',
    async create(db) {
      const app = express().use(express.json())
      app.get('/authors', async (_request, response) => void response.json(await listAuthors(db)))
      app.get('/books', async (_request, response) => void response.json(await listBooks(db)))
      app.get('/moved', (_request, response) => response.redirect('/authors'))
      app.post('/authors', async (request, response) => {
        response.json(await countNamed(db, (request.body as { name: string }).name))
      })
      return createServer(app)
    },
  },
  {
    name: 'Fastify',
    scopeName: 'GET /books',
    async create(db) {
      const app = Fastify()
      app.get('/authors', () => listAuthors(db))
      app.get('/books', () => listBooks(db))
      app.get('/moved', (_request, reply) => reply.redirect('/authors'))
      app.post('/authors', (request) => countNamed(db, (request.body as { name: string }).name))
      await app.ready()
      return app.server
    },
  },
  {
    name: 'Hono',
    scopeName: 'GET /books',
    async create(db) {
      const app = new Hono().onError((_error, context) => context.text('failed', 500))
      app.get('/authors', async (context) => context.json(await listAuthors(db)))
      app.get('/books', async (context) => context.json((await listBooks(db)) as never))
      app.get('/moved', (context) => context.redirect('/authors'))
      app.post('/authors', async (context) => {
        const { name } = await context.req.json<{ name: string }>()
        return context.json(await countNamed(db, name))
      })
      return createAdaptorServer({ fetch: app.fetch }) as Server
    },
  },
]

/** Starts a server on a port of its own. */
export async function listen(server: Server, host?: string): Promise<string> {
  await once(server.listen(0, host), 'listening')
  const { port } = server.address() as AddressInfo
  return `http://${host ?? 'localhost'}:${port}`
}

export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
