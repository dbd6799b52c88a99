import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { PassThrough, Readable, Transform } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createGzip, createGunzip } from 'node:zlib'

import fastifyMultipart from '@fastify/multipart'
import { getRequestListener } from '@hono/node-server'
import busboy from 'busboy'
import coBody from 'co-body'
import express, { type RequestHandler } from 'express'
import fileUpload from 'express-fileupload'
import Fastify from 'fastify'
import formidable from 'formidable'
import { Hono } from 'hono'
import multer from 'multer'

/** An application that reads the body of each POST request, and calls `seen` once it has done so. */
export interface WayToReadABody {
  readonly name: string
  /** `form` has one field and one file. */
  readonly sends: 'text' | 'json' | 'form'
  /** @param answer is what the application sends back; it reads the scope where it is called */
  create(answer: () => string): Server | Promise<Server>
}

type Read = (request: IncomingMessage, done: (error?: unknown) => void) => unknown

const require = createRequire(import.meta.url)
// Version 1 has no types of its own under this name, and the same functions.
const multer1 = require('multer-1') as typeof multer

/** A plain `node:http` server. `read` calls `done` where an application would send its queries. */
function plain(name: string, read: Read, sends: WayToReadABody['sends'] = 'text'): WayToReadABody {
  return {
    name,
    sends,
    create: (answer) =>
      createServer((request, response) => {
        void read(request, () => response.end(answer()))
      }),
  }
}

function inExpress(
  name: string,
  middleware: () => RequestHandler,
  sends: WayToReadABody['sends'],
): WayToReadABody {
  return {
    name,
    sends,
    create(answer) {
      const app = express()
      app.post('/', middleware(), (_request, response) => void response.send(answer()))
      return createServer(app)
    },
  }
}

/** Where uploaded files go; the tests remove it. */
export const UPLOADS = mkdtempSync(join(tmpdir(), 'querylens-uploads-'))
const upload = { dest: UPLOADS }

export const waysToReadABody: readonly WayToReadABody[] = [
  plain('request.on(data) and on(end)', (request, done) => request.on('data', () => {}).on('end', done)),
  plain('request.once(end) and resume()', (request, done) => request.once('end', done).resume()),
  plain('request.on(close)', (request, done) => request.on('close', done).resume()),
  plain('request.on(readable)', (request, done) =>
    request.on('readable', () => {
      while (request.read() !== null);
      if (request.readableEnded || request.complete) done()
    }),
  ),
  plain('request.addListener after a wait', (request, done) =>
    setTimeout(() => request.addListener('data', () => {}).addListener('end', done), 5),
  ),
  plain('pipe(PassThrough)', (request, done) => request.pipe(new PassThrough()).on('end', done).resume()),
  plain('pipe(Transform)', (request, done) =>
    request
      .pipe(new Transform({ transform: (chunk, _encoding, next) => next(null, chunk) }))
      .on('data', () => {})
      .on('end', done),
  ),
  plain('pipe(zlib)', (request, done) =>
    request
      .pipe(createGzip())
      .pipe(createGunzip())
      .on('data', () => {})
      .on('end', done),
  ),
  plain('events.once', (request, done) => once(request.resume(), 'end').then(() => done())),
  plain('for await', async (request, done) => {
    for await (const _chunk of request);
    done()
  }),
  plain('stream/consumers', (request, done) => text(request).then(() => done())),
  plain('Readable.toWeb', (request, done) =>
    new Response(Readable.toWeb(request) as ReadableStream).text().then(() => done()),
  ),
  plain('co-body', (request, done) => coBody.json(request).then(() => done()), 'json'),
  plain(
    'busboy, close',
    (request, done) =>
      request.pipe(
        busboy({ headers: request.headers })
          .on('file', (_name, file) => file.resume())
          .on('close', done),
      ),
    'form',
  ),
  plain(
    'busboy, file',
    (request, done) =>
      request.pipe(
        busboy({ headers: request.headers }).on('file', (_name, file) => file.on('end', done).resume()),
      ),
    'form',
  ),
  plain(
    'formidable, callback',
    (request, done) => formidable({ uploadDir: UPLOADS }).parse(request, () => done()),
    'form',
  ),
  plain(
    'formidable, promise',
    (request, done) =>
      formidable({ uploadDir: UPLOADS })
        .parse(request)
        .then(() => done()),
    'form',
  ),
  plain(
    'formidable, file',
    (request, done) => {
      const form = formidable({ uploadDir: UPLOADS }).on('file', () => done())
      void form.parse(request)
    },
    'form',
  ),
  inExpress('express.json', () => express.json(), 'json'),
  inExpress('express.text', () => express.text(), 'text'),
  inExpress('multer 1, memory', () => multer1().any(), 'form'),
  inExpress('multer 1, disk', () => multer1(upload).any(), 'form'),
  inExpress('multer 2, memory', () => multer().any(), 'form'),
  inExpress('multer 2, disk', () => multer(upload).any(), 'form'),
  inExpress('express-fileupload', () => fileUpload(), 'form'),
  inExpress(
    'express-fileupload, disk',
    () => fileUpload({ useTempFiles: true, tempFileDir: UPLOADS }),
    'form',
  ),
  {
    name: 'Fastify, JSON',
    sends: 'json',
    async create(answer) {
      const app = Fastify()
      app.post('/', async () => answer())
      await app.ready()
      return app.server
    },
  },
  {
    name: 'Fastify, content type parser with a callback',
    sends: 'text',
    async create(answer) {
      const app = Fastify()
      app.removeAllContentTypeParsers()
      app.addContentTypeParser('*', (_request, payload, done) => {
        payload.on('data', () => {}).on('end', () => done(null, answer()))
      })
      app.post('/', async ({ body }) => body)
      await app.ready()
      return app.server
    },
  },
  {
    name: '@fastify/multipart',
    sends: 'form',
    async create(answer) {
      const app = Fastify()
      await app.register(fastifyMultipart)
      app.post('/', async (request) => {
        for await (const part of request.parts()) if (part.type === 'file') await part.toBuffer()
        return answer()
      })
      await app.ready()
      return app.server
    },
  },
  {
    name: '@fastify/multipart, attachFieldsToBody',
    sends: 'form',
    async create(answer) {
      const app = Fastify()
      await app.register(fastifyMultipart, {
        attachFieldsToBody: true,
        onFile: async (part) => void (await part.toBuffer()),
      })
      app.post('/', async () => answer())
      await app.ready()
      return app.server
    },
  },
  {
    name: 'Hono, parseBody',
    sends: 'form',
    create(answer) {
      const app = new Hono()
      app.post('/', async (context) => {
        await context.req.parseBody()
        return context.text(answer())
      })
      return createServer(getRequestListener(app.fetch))
    },
  },
  {
    name: 'Hono, json',
    sends: 'json',
    create(answer) {
      const app = new Hono()
      app.post('/', async (context) => {
        await context.req.json()
        return context.text(answer())
      })
      return createServer(getRequestListener(app.fetch))
    },
  },
  {
    name: 'checkContinue',
    sends: 'text',
    create(answer) {
      const handle = (request: IncomingMessage, response: ServerResponse): void => {
        response.writeContinue()
        request.on('end', () => response.end(answer())).resume()
      }
      return createServer(handle).on('checkContinue', handle)
    },
  },
]
