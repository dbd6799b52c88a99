import { setTimeout as delay } from 'node:timers/promises'

import { sql, type InflightQueryAbortStrategy } from 'kysely'

import { HAS_SIGNALS } from './common-cases.js'
import { describeError, type ContractCase } from './connection-contract.js'

/** The cases that only PostgreSQL supports. */
export const postgresCases: readonly ContractCase[] = [
  {
    name: 'a transaction with isolation level and access mode',
    run: (db) =>
      db
        .transaction()
        .setIsolationLevel('serializable')
        .setAccessMode('read only')
        .execute(async (trx) => {
          const { rows } = await sql<{
            level: string
          }>`select current_setting('transaction_isolation') as level`.execute(trx)
          return rows
        }),
  },
  {
    name: 'a write in a read-only transaction',
    run: (db) =>
      db
        .transaction()
        .setAccessMode('read only')
        .execute((trx) => trx.deleteFrom('person').execute()),
  },
  {
    name: 'a commit that the database turns into a rollback',
    run: (db, { observe }) =>
      db.transaction().execute(async (trx) => {
        await sql`select 1 / 0`.execute(trx).catch((error: unknown) => observe(describeError(error)))
      }),
  },
  {
    name: 'a serialization failure',
    async run(db) {
      const bump = sql`update person set age = age + 1 where id = 101`
      return await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (trx) => {
          await trx.selectFrom('person').select('age').where('id', '=', 101).execute()
          await bump.execute(db)
          await bump.execute(trx)
        })
    },
  },
  {
    name: 'withSchema',
    async run(db, { observe }) {
      await db.schema.createSchema('other').execute()
      const other = db.withSchema('other')
      await other.schema.createTable('person').addColumn('id', 'integer').execute()
      observe(await other.selectFrom('person').select('id').execute())
    },
  },
  ...(HAS_SIGNALS ? (['ignore query', 'cancel query', 'kill session'] as const).map(abortCase) : []),
  {
    name: 'a connection that is lost during a query',
    async run(db, { observe }) {
      await sql`select pg_terminate_backend(pg_backend_pid()), pg_sleep(1)`
        .execute(db)
        .catch((error: unknown) => observe(describeError(error)))
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'a connection that is lost in a transaction',
    async run(db, { observe }) {
      await db
        .transaction()
        .execute((trx) => sql`select pg_terminate_backend(pg_backend_pid()), pg_sleep(1)`.execute(trx))
        .catch((error: unknown) => observe(describeError(error)))
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'an exhausted pool',
    run: (db, { observe }) =>
      db.connection().execute((first) =>
        db.connection().execute(async (second) => {
          await sql`select 1`.execute(first)
          await sql`select 2`.execute(second)
          await sql`select 3`.execute(db).catch((error: unknown) => observe(describeError(error)))
        }),
      ),
  },
  {
    name: 'destroy during a query',
    async run(db, { reached }) {
      const running = sql`select pg_sleep(0.1)`.execute(db)
      await reached('pg_sleep')
      await Promise.all([running, db.destroy()])
      return await sql`select 1`.execute(db)
    },
  },
  {
    name: 'a stream of many chunks',
    async run(db, { observe }) {
      const numbers = db.selectFrom(sql<{ n: number }>`generate_series(1, 25)`.as<'n'>('n')).select('n.n')
      for await (const row of numbers.stream(10)) observe(row)
    },
  },
]

function abortCase(inflightQueryAbortStrategy: InflightQueryAbortStrategy): ContractCase {
  return {
    name: `a signal that fires during a query: ${inflightQueryAbortStrategy}`,
    async run(db, { observe, reached }) {
      const controller = new AbortController()
      // PostgreSQL can cancel a statement only once it runs, shortly after the driver has sent it. The statement takes
      // much longer, so that the signal fires first on a busy machine, too.
      void reached('pg_sleep')
        .then(() => delay(30))
        .then(() => controller.abort(new Error('took too long')))
      await db
        .selectFrom(sql<{ done: string }>`(select pg_sleep(1) as done)`.as('sleep'))
        .selectAll()
        .execute({ signal: controller.signal, inflightQueryAbortStrategy })
        .catch((error: unknown) => observe(describeError(error)))
      // Wait until the connection is back in the pool or replaced.
      await delay(inflightQueryAbortStrategy === 'ignore query' ? 1_100 : 350)
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  }
}
