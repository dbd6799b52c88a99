import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { querylens } from '../src/index.js'
import { seed } from './contract/common-cases.js'
import type { Database } from './support/database.js'
import { createPostgresDialect } from './support/postgres-dialect.js'
import { recordExecutions } from './support/record-executions.js'
import { createTestDatabase } from './support/test-database.js'

const recording = recordExecutions()
let db: Kysely<Database>
let connectionString: string
let close: () => Promise<void>

beforeAll(async () => {
  const database = await createTestDatabase()
  connectionString = database.connectionString
  const { dialect } = createPostgresDialect({ connectionString, max: 2, connectionTimeoutMillis: 500 })
  db = new Kysely<Database>(querylens({ dialect }))
  await seed(db, 'serial')
  close = async () => {
    await db.destroy()
    await database.drop()
  }
})
afterAll(() => close())

const people = () => db.selectFrom('person').select('first_name').orderBy('id')

describe('outcome of a stream', () => {
  it('is completed after its end, with the rows of all chunks', async () => {
    for await (const person of people().stream(2)) expect(person).toBeDefined()
    expect(recording.queries).toMatchObject([{ kind: 'stream', outcome: 'completed', returnedRows: 3 }])
  })

  it('is stopped when the consumer breaks', async () => {
    for await (const person of people().stream(1)) {
      expect(person.first_name).toBe('Jo')
      break
    }
    expect(recording.queries).toMatchObject([{ outcome: 'stopped', returnedRows: 1, failed: false }])
  })

  it('is failed after an error of the database', async () => {
    const broken = db
      .selectFrom('person')
      .select(sql`1 / (id - 102)`.as('x'))
      .orderBy('id')
    await expect(async () => {
      for await (const row of broken.stream(1)) expect(row).toBeDefined()
    }).rejects.toMatchObject({ code: '22012' })
    expect(recording.queries).toMatchObject([{ outcome: 'failed', error: { code: '22012' } }])
  })

  it('is cancelled when its signal fires', async () => {
    const controller = new AbortController()
    await expect(async () => {
      for await (const row of people().stream({ chunkSize: 1, signal: controller.signal })) {
        controller.abort(new Error(`enough of ${row.first_name}`))
      }
    }).rejects.toThrow()
    expect(recording.queries).toMatchObject([{ outcome: 'cancelled' }])
  })

  it('is abandoned when its iterator is garbage collected', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    // The pool loses the connection, with or without Querylens, so the test uses a separate pool.
    const other = new Kysely<Database>(
      querylens({ dialect: createPostgresDialect({ connectionString }).dialect }),
    )
    const forget = async (): Promise<void> => {
      await other.selectFrom('person').select('first_name').stream(1).next()
    }
    await forget()
    await vi.waitFor(
      () => {
        collectGarbage()
        expect(recording.queries).toMatchObject([{ outcome: 'abandoned', returnedRows: 1 }])
      },
      { timeout: 10_000 },
    )
  })

  it('is not published before the consumer requests the first chunk', async () => {
    people().stream()
    await delay(5)
    expect(recording.queries).toEqual([])
  })
})

describe('outcome of a query', () => {
  it('is cancelled after an abort and failed after an error', async () => {
    const controller = new AbortController()
    const query = db
      .selectFrom(sql`(select pg_sleep(5))`.as('sleep'))
      .selectAll()
      .execute({ signal: controller.signal, inflightQueryAbortStrategy: 'cancel query' })
    setTimeout(() => controller.abort(new Error('too slow')), 30)
    await expect(query).rejects.toThrow()
    await vi.waitFor(() =>
      expect(recording.queries).toMatchObject([
        { outcome: 'cancelled', failed: true, error: { code: '57014' } },
      ]),
    )
  })
})

describe('TransactionExecution', () => {
  it('includes begin, queries and commit, and counts the queries', async () => {
    await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read write')
      .execute(async (trx) => {
        await trx.selectFrom('person').selectAll().execute()
        await trx.selectFrom('pet').selectAll().execute()
      })
    const [transaction] = recording.transactions
    expect(transaction).toMatchObject({
      outcome: 'committed',
      queryCount: 2,
      isolationLevel: 'repeatable read',
      accessMode: 'read write',
    })
    expect(recording.queries.map(({ kind }) => kind)).toEqual([
      'transaction_control',
      'query',
      'query',
      'transaction_control',
    ])
    expect(recording.queries.every((query) => query.transaction === transaction)).toBe(true)
    const total = recording.queries.reduce((sum, query) => sum + (query.durationMillis ?? 0), 0)
    expect(transaction?.durationMillis).toBeGreaterThanOrEqual(total)
  })

  it('is rolled back and not failed when the application throws', async () => {
    await db
      .transaction()
      .execute(() => Promise.reject(new Error('changed my mind')))
      .catch(() => {})
    expect(recording.transactions).toMatchObject([{ outcome: 'rolled_back', failed: false }])
  })

  it('is rolled back and failed when the database answers the commit with a rollback', async () => {
    const fail = (trx: Kysely<Database>) => sql`select 1 / 0`.execute(trx).catch(() => {})
    await expect(db.transaction().execute(fail)).rejects.toThrow('rolled back instead of committed')
    const trx = await db.startTransaction().execute()
    await fail(trx)
    await expect(trx.commit().execute()).rejects.toThrow('rolled back instead of committed')
    const expected = { outcome: 'rolled_back', failed: true, error: { name: 'AbortedTransactionError' } }
    expect(recording.transactions).toMatchObject([expected, expected])
  })

  it('is rolled back and failed when the commit violates a constraint', async () => {
    await sql`create table toy (id int primary key deferrable initially deferred)`.execute(db)
    const twice = sql`insert into toy values (1), (1)`
    await expect(db.transaction().execute((trx) => twice.execute(trx))).rejects.toThrow('duplicate key')
    expect(recording.transactions).toMatchObject([
      { outcome: 'rolled_back', failed: true, error: { code: '23505' } },
    ])
  })

  it('is failed when its begin fails', async () => {
    await db
      .connection()
      .execute(async (connected) => {
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(connected).catch(() => {})
        return await connected.transaction().execute(async () => {})
      })
      .catch(() => {})
    expect(recording.transactions).toMatchObject([{ outcome: 'failed', failed: true }])
  })

  it('excludes queries after its end', async () => {
    await db.transaction().execute((trx) => trx.selectFrom('person').selectAll().execute())
    await people().execute()
    expect(recording.queries.at(-1)?.transaction).toBeUndefined()
  })
})

describe('ConnectionUse', () => {
  it('fails when the pool is exhausted', async () => {
    await db.connection().execute((first) =>
      db.connection().execute(async (second) => {
        await sql`select 1`.execute(first)
        await sql`select 2`.execute(second)
        await expect(people().execute()).rejects.toThrow(/timeout/)
      }),
    )
    expect(recording.connections.filter(({ failed }) => failed)).toMatchObject([
      { error: { message: expect.stringContaining('timeout') as string } },
    ])
    expect(recording.connections.find(({ failed }) => failed)?.waitMillis).toBeGreaterThan(100)
    expect(recording.releases).toHaveLength(2)
  })
})

describe('stack of a database error', () => {
  it('includes the line of the application that ran the query', async () => {
    async function theApplication(): Promise<void> {
      await sql`select * from no_such_table`.execute(db)
    }
    const error = await theApplication().catch((reason: unknown) => reason as Error)
    expect((error as Error).stack).toContain('theApplication')
  })
})
