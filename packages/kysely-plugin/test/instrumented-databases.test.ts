import { DatabaseSync } from 'node:sqlite'

import { runInScope } from '@querylens/core'
import { countUnrecordedStatements, instrumentedDatabases } from '@querylens/core/internal'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { expect, it } from 'vitest'

import { instrumentDialect, querylens } from '../src/index.js'
import { openSqliteDatabase } from './support/sqlite-database.ts'
import { createStubDialect } from './support/stub-dialect.ts'

it('querylens() and instrumentDialect() list their databases, with the queries of each', async () => {
  const dialect = instrumentDialect(createStubDialect(), { poolName: 'first' })
  const config = querylens({ dialect: createStubDialect() }, { poolName: 'second' })
  querylens({ dialect })
  const [one, other] = [new Kysely<unknown>({ dialect }), new Kysely<unknown>(config)]
  await runInScope('test', async () => {
    await sql`select 1`.execute(other)
    await other.transaction().execute(async (trx) => void (await sql`select 2`.execute(trx)))
  })
  const listed = instrumentedDatabases().map(({ database, queryCount }) => [database.poolName, queryCount])
  expect(listed).toEqual([
    ['first', 0],
    ['second', 2],
  ])
  await Promise.all([one, other].map((db) => db.destroy()))
})

const [major = 0] = process.versions.node.split('.').map(Number)

/** Node publishes the statements of `node:sqlite` from version 26 on. */
it.runIf(major >= 26)(
  'countUnrecordedStatements counts those of a Kysely that is not instrumented',
  async () => {
    const plain = new Kysely<unknown>({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) })
    const instrumented = new Kysely<unknown>(
      querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }),
    )
    const unrecorded = countUnrecordedStatements()
    await runInScope('test', async () => {
      await sql`select 1`.execute(instrumented)
      await instrumented.transaction().execute(async (trx) => void (await sql`select 2`.execute(trx)))
      for await (const _ of instrumented
        .selectFrom(sql<{ n: number }>`(select 1 as n)`.as('t'))
        .selectAll()
        .stream());
    })
    expect(unrecorded.byDriver.size).toBe(0)
    await runInScope('test', () => sql`select 1`.execute(plain))
    new DatabaseSync(':memory:').exec('select 1')
    unrecorded.stop()
    expect([...unrecorded.byDriver]).toEqual([['node:sqlite', 2]])
    await Promise.all([plain, instrumented].map((db) => db.destroy()))
  },
)
