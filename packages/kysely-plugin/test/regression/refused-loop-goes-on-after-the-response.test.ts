import diagnosticsChannel from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express, { type ErrorRequestHandler } from 'express'
import { sql, type Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { runInScope } from '@querylens/core'

import { collectFindings } from '../support/collect-findings.ts'
import { useBlog } from '../findings/blog.ts'
import type { Blog } from '../findings/scenario.ts'

const blog = useBlog({ detect: { mode: 'throw' } })
const { closed } = collectFindings()

const processState = Reflect.get(diagnosticsChannel, Symbol.for('querylens.state/1')) as {
  readonly warnings: { ofMissingScope: boolean }
}

let server: Server
let warn: MockInstance<typeof console.warn>
/** The results of the queries that the request started. */
let reads: Promise<unknown>[]
beforeEach(async () => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  // The warning appears once for each process, and the statements that fill the tables run outside any scope.
  processState.warnings.ofMissingScope = false
  reads = []
  const app = express()
  const onError: ErrorRequestHandler = (error: { readonly code?: string }, _request, response, _next) => {
    response.status(500).json({ code: error.code })
  }
  app.get('/loop', async (_request, response) => {
    await readInLoop(blog.db)
    response.json({})
  })
  app.get('/duplicates', async (_request, response) => {
    await readAgain(blog.db)
    response.json({})
  })
  app.use(onError)
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  warn.mockRestore()
  server.close()
  await once(server, 'close')
})

async function readInLoop(db: Kysely<Blog>): Promise<void> {
  const { rows } = await sql<{ id: number }>`select i as id from generate_series(1, 100) i`.execute(db)
  reads = rows.map(({ id }) => db.selectFrom('comments').selectAll().where('id', '=', id).execute())
  await Promise.all(reads)
}

async function readAgain(db: Kysely<Blog>): Promise<void> {
  reads = Array.from({ length: 100 }, () =>
    db.selectFrom('comments').selectAll().where('id', '=', 1).execute(),
  )
  await Promise.all(reads)
}

/** How many queries of the loop PostgreSQL got, and how many were rejected, once all of them are over. */
async function outcome(): Promise<{ readonly sent: number; readonly refused: number }> {
  const results = await Promise.allSettled(reads)
  const refused = results.filter(
    (result) =>
      result.status === 'rejected' && (result.reason as { code?: string }).code === 'QUERYLENS_FINDING',
  )
  const sent = blog.sent.filter((statement) => statement.includes('from "comments"'))
  return { sent: sent.length, refused: refused.length }
}

async function get(path: string): Promise<unknown> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
  return await response.json()
}

describe('a parallel loop that the mode throw rejects', () => {
  it('stays rejected after the response has ended the scope of the request', async () => {
    await expect(get('/loop')).resolves.toEqual({ code: 'QUERYLENS_FINDING' })
    // Without proof, a loop is a finding at the fifth query.
    await expect(outcome()).resolves.toEqual({ sent: 4, refused: 96 })
    expect(closed.map(({ kind }) => kind)).toEqual(['n_plus_one'])
    expect(warn).not.toHaveBeenCalled()
  })

  it('stays rejected if it reads the same row', async () => {
    await expect(get('/duplicates')).resolves.toEqual({ code: 'QUERYLENS_FINDING' })
    await expect(outcome()).resolves.toEqual({ sent: 1, refused: 99 })
    expect(closed.map(({ kind }) => kind)).toEqual(['duplicate_query'])
    expect(warn).not.toHaveBeenCalled()
  })

  it('stays rejected while the scope goes on', async () => {
    const job = runInScope('job', async () => {
      await readInLoop(blog.db).catch(() => {})
      await Promise.allSettled(reads)
    })
    // The job has swallowed the error.
    await expect(job).rejects.toMatchObject({ code: 'QUERYLENS_FINDING' })
    await expect(outcome()).resolves.toEqual({ sent: 4, refused: 96 })
    expect(closed).toMatchObject([{ kind: 'n_plus_one', count: 100 }])
  })

  it('stays rejected after runInScope', async () => {
    await expect(runInScope('job', () => readInLoop(blog.db))).rejects.toMatchObject({
      code: 'QUERYLENS_FINDING',
    })
    await expect(outcome()).resolves.toEqual({ sent: 4, refused: 96 })
  })

  it('does not reject other queries after the end of the scope', async () => {
    let later: Promise<unknown> | undefined
    const work = async (): Promise<void> => {
      later = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
        blog.db.selectFrom('comments').select('id').where('id', '=', 7).execute(),
      )
      await readInLoop(blog.db)
    }
    await runInScope('job', work).catch(() => {})
    await outcome()
    await expect(later).resolves.toEqual([{ id: '7' }])
  })
})
