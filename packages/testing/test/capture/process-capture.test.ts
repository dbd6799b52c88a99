import { AsyncResource } from 'node:async_hooks'
import { EventEmitter, once } from 'node:events'

import { runInScope } from '@querylens/core'
import { captureQueries } from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { close, frameworks, listen } from '../http/servers.ts'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

const listAuthors = () => library.db.selectFrom('authors').selectAll().execute()

/** Runs work in the context in which it was made, as a worker does that was started before a test. */
class Worker {
  readonly #queue = new EventEmitter()
  readonly #context = new AsyncResource('worker')

  constructor(work: () => Promise<unknown>) {
    this.#queue.on('job', () => {
      this.#context.runInAsyncScope(() => void work().finally(() => this.#queue.emit('done')))
    })
  }

  async run(): Promise<void> {
    const done = once(this.#queue, 'done')
    this.#queue.emit('job')
    await done
  }
}

describe('a capture of the process', () => {
  it('has the queries of a worker that was started before, outside a scope and in one', async () => {
    const outside = new Worker(listAuthors)
    const job = new Worker(() => runInScope('job', () => listBooks(library.db)))
    const without = await captureQueries(() => Promise.all([outside.run(), job.run()]))
    expect(without.count).toBe(0)
    const queries = await captureQueries(() => Promise.all([outside.run(), job.run()]), { process: true })
    expect(queries.count).toBe(6)
    expect(queries.findings.map(({ kind }) => kind)).toEqual(['n_plus_one'])
    expect(queries.outside).toEqual([])
  })

  it('has the queries of a scope that was opened before and goes on', async () => {
    const begun = Promise.withResolvers<void>()
    const job = runInScope('endless job', () => begun.promise.then(listAuthors))
    const work = (): Promise<unknown> => {
      begun.resolve()
      return job
    }
    expect((await captureQueries(work, { process: true })).count).toBe(1)
  })

  it('refuses the loop of a worker in its mode, whose error the worker swallows', async () => {
    const work = () => runInScope('job', () => listBooks(library.db)).catch(() => {})
    const worker = new Worker(work)
    const captured = captureQueries(() => worker.run(), { process: true, detect: { mode: 'throw' } })
    await expect(captured).rejects.toThrow(
      /^Refused a query, .*: 2x select books, one for each row of select authors/,
    )
    const limited = captureQueries(() => worker.run(), { process: true, max: 2 })
    await expect(limited).rejects.toThrow('at most 2 queries')
  })

  it('has the requests of a client of unknown origin', async () => {
    const server = await frameworks[0]!.create(library.db)
    const url = await listen(server)
    const client = new Worker(async () => await (await fetch(`${url}/books`)).text())
    const queries = await captureQueries(() => client.run(), { process: true })
    await close(server)
    expect(queries.count).toBe(5)
    expect(queries.queries[0]?.scopeName).toBe('GET /books')
  })

  it('waits for what others do', async () => {
    const worker = new Worker(async () => {
      for (let count = 0; count < 3; count++) await listAuthors()
    })
    const queries = await captureQueries(() => void worker.run(), { process: true })
    expect([queries.count, queries.late]).toEqual([3, []])
  })

  it('runs beside no other capture, whichever is opened first', async () => {
    const held = Promise.withResolvers<void>()
    const alone = captureQueries(() => held.promise, { process: true, name: 'the first' })
    const clash =
      /takes all queries of the process.*"the first" at .*process-capture\.test\.ts:\d+ is still open/
    await expect(captureQueries(listAuthors)).rejects.toThrow(clash)
    await expect(captureQueries(listAuthors, { process: true })).rejects.toThrow(clash)
    held.resolve()
    await expect(alone).resolves.toMatchObject({ count: 0 })

    const again = Promise.withResolvers<void>()
    const ordinary = captureQueries(() => again.promise, { name: 'the first' })
    await expect(captureQueries(listAuthors, { process: true })).rejects.toMatchObject({
      code: 'QUERYLENS_INVALID_ARGUMENT',
    })
    await expect(captureQueries(listAuthors)).resolves.toMatchObject({ count: 1 })
    again.resolve()
    await ordinary
    await expect(captureQueries(listAuthors, { process: true })).resolves.toMatchObject({ count: 1 })
  })

  it('says which capture is in its way, with its line, for a test that has timed out', async () => {
    const held = Promise.withResolvers<void>()
    const hung = captureQueries(() => held.promise)
    await expect(captureQueries(listAuthors, { process: true })).rejects.toThrow(
      /"captureQueries" at (?:\w+ \()?packages\/testing\/test\/capture\/process-capture\.test\.ts:\d+\)? is still open.*timed out/,
    )
    held.resolve()
    await hung
  })

  it('may be in another capture, and another one in it', async () => {
    const worker = new Worker(listAuthors)
    const outer = await captureQueries(() =>
      captureQueries(() => captureQueries(() => worker.run()), { process: true }),
    )
    expect([outer.count, outer.result.count]).toEqual([1, 1])
  })
})
