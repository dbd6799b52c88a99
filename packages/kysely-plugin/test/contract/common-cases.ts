import { setTimeout as delay } from 'node:timers/promises'

import * as kysely from 'kysely'
import { CamelCasePlugin, CompiledQuery, Kysely, ParseJSONResultsPlugin, sql } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'

import type { ReadonlyKysely } from 'kysely/readonly'

import type { Database } from '../support/database.js'
import type { ContractCase } from './connection-contract.js'

/** Kysely 0.28 takes no signals. It has no `PGliteDialect` either, which came with them in 0.29. */
export const HAS_SIGNALS: boolean = 'PGliteDialect' in kysely

/** The cases that every dialect supports. */
export const commonCases: readonly ContractCase[] = [
  {
    name: 'builder queries: insert, select, update, delete',
    async run(db, { observe }) {
      observe(await db.insertInto('person').values({ first_name: 'Ada', age: 36 }).executeTakeFirst())
      observe(await db.selectFrom('person').select(['first_name', 'age']).orderBy('id').execute())
      observe(await db.updateTable('person').set({ age: 37 }).where('first_name', '=', 'Ada').execute())
      return await db.deleteFrom('person').where('first_name', '=', 'Ada').executeTakeFirst()
    },
  },
  {
    name: 'insert with returning',
    run: (db) => db.insertInto('person').values({ first_name: 'Bob', age: null }).returningAll().execute(),
  },
  {
    name: 'a select without rows',
    run: (db) => db.selectFrom('person').selectAll().where('id', '=', -1).executeTakeFirstOrThrow(),
  },
  {
    name: 'sql templates, executeQuery and CompiledQuery.raw',
    async run(db, { observe }) {
      observe(await sql`select count(*) as count from person where age > ${20}`.execute(db))
      observe(await db.executeQuery(db.selectFrom('person').select('first_name').orderBy('id').compile()))
      return await db.executeQuery(CompiledQuery.raw('select 1 as one'))
    },
  },
  {
    name: 'a failing statement',
    run: (db) => sql`select * from no_such_table`.execute(db),
  },
  {
    name: 'a violated constraint',
    async run(db) {
      await db.insertInto('person').values({ id: 1_000, first_name: 'Eve', age: 1 }).execute()
      return await db.insertInto('person').values({ id: 1_000, first_name: 'Eve', age: 1 }).execute()
    },
  },
  {
    name: 'concurrent queries',
    anyOrder: true,
    run: (db) =>
      Promise.all([1, 2, 3, 4, 5, 6].map((n) => sql<{ n: number }>`select ${n} as n`.execute(db))).then(
        (all) => all.map((result) => result.rows),
      ),
  },
  {
    name: 'a transaction that commits',
    async run(db, { observe }) {
      await db.transaction().execute(async (trx) => {
        observe(trx.isTransaction)
        await trx.insertInto('person').values({ first_name: 'Cy', age: 5 }).execute()
      })
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'a transaction that the application rolls back',
    async run(db, { observe }) {
      const reason = new Error('changed my mind')
      await db
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto('person').values({ first_name: 'Dee', age: 5 }).execute()
          throw reason
        })
        .catch((error: unknown) => observe(error === reason))
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'a controlled transaction with savepoints',
    async run(db, { observe }) {
      const trx = await db.startTransaction().execute()
      await trx.insertInto('person').values({ first_name: 'Fay', age: 1 }).execute()
      const saved = await trx.savepoint('before_gus').execute()
      await saved.insertInto('person').values({ first_name: 'Gus', age: 2 }).execute()
      const back = await saved.rollbackToSavepoint('before_gus').execute()
      const released = await back.releaseSavepoint('before_gus').execute()
      observe([trx.isCommitted, trx.isRolledBack])
      await released.commit().execute()
      observe([trx.isCommitted, trx.isRolledBack])
      await trx
        .rollback()
        .execute()
        .catch((error: unknown) => observe(String(error)))
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'a controlled transaction with a rollback',
    async run(db) {
      const trx = await db.startTransaction().execute()
      await trx.deleteFrom('person').execute()
      await trx.rollback().execute()
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'several queries on one connection',
    run: (db) =>
      db.connection().execute(async (connected) => {
        await sql`create temporary table note (text varchar(10))`.execute(connected)
        await sql`insert into note (text) values (${'kept'})`.execute(connected)
        return await sql`select text from note`.execute(connected)
      }),
  },
  {
    name: 'a complete stream',
    async run(db, { observe }) {
      for await (const row of db.selectFrom('person').select('first_name').orderBy('id').stream(1))
        observe(row)
    },
  },
  {
    name: 'a stream that ends by break',
    async run(db, { observe }) {
      for await (const row of db.selectFrom('person').select('first_name').orderBy('id').stream(1)) {
        observe(row)
        break
      }
      return await db.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'a stream whose consumer throws',
    async run(db, { observe }) {
      for await (const row of db.selectFrom('person').select('first_name').orderBy('id').stream(1)) {
        observe(row)
        throw new Error('not this one')
      }
    },
  },
  {
    name: 'a stream that fails',
    async run(db) {
      const missing = db as unknown as Kysely<{ no_such_table: { id: number } }>
      for await (const row of missing.selectFrom('no_such_table').selectAll().stream()) return row
      return 'unreachable'
    },
  },
  {
    name: 'a stream in a transaction',
    run: (db, { observe }) =>
      db.transaction().execute(async (trx) => {
        for await (const row of trx.selectFrom('person').select('first_name').orderBy('id').stream())
          observe(row)
      }),
  },
  {
    name: 'plugins',
    async run(db, { observe }) {
      const camel = db.withPlugin(new CamelCasePlugin()) as unknown as Kysely<{
        person: { firstName: string }
      }>
      observe(await camel.selectFrom('person').select('firstName').orderBy('firstName').execute())
      const both = camel.withPlugin(new ParseJSONResultsPlugin())
      return await both.withoutPlugins().selectFrom('person').selectAll().execute()
    },
  },
  {
    name: 'withTables',
    run: (db) => db.withTables<{ extra: { id: number } }>().selectFrom('pet').selectAll().execute(),
  },
  {
    name: 'a read-only view',
    run(db) {
      const readonly: ReadonlyKysely<Database> = db as unknown as ReadonlyKysely<Database>
      return readonly.selectFrom('person').select('first_name').orderBy('id').execute()
    },
  },
  {
    name: 'schema statements and introspection',
    async run(db, { observe }) {
      await db.schema
        .createTable('toy')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .execute()
      await db.schema.createIndex('toy_index').on('toy').column('id').execute()
      const tables = await db.introspection.getTables()
      observe(tables.map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) })))
      await db.schema.dropTable('toy').execute()
    },
  },
  {
    name: 'migrations',
    async run(db, { observe }) {
      const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
      const up = await migrator.migrateToLatest()
      observe(up.results?.map(({ migrationName, status }) => ({ migrationName, status })))
      observe(await db.introspection.getTables().then((tables) => tables.map((table) => table.name)))
      const down = await migrator.migrateDown()
      return { results: down.results?.map(({ status }) => status), error: up.error ?? down.error }
    },
  },
  ...(HAS_SIGNALS ? signalCases() : []),
  {
    name: 'destroy, destroy again, and a later query',
    async run(db) {
      await db.selectFrom('person').select('id').execute()
      await db.destroy()
      await db.destroy()
      return await db.selectFrom('person').selectAll().execute()
    },
  },
]

function signalCases(): readonly ContractCase[] {
  return [
    {
      name: 'a signal that fired before the query',
      run: (db) =>
        db
          .selectFrom('person')
          .selectAll()
          .execute({ signal: AbortSignal.abort(new Error('too late')) }),
    },
    {
      name: 'a signal that does not fire',
      run: (db) =>
        db
          .selectFrom('person')
          .select('first_name')
          .orderBy('id')
          .execute({ signal: new AbortController().signal }),
    },
    {
      name: 'a signal that fires during a stream',
      async run(db, { observe }) {
        const controller = new AbortController()
        const query = db.selectFrom('person').select('first_name').orderBy('id')
        for await (const row of query.stream({ chunkSize: 1, signal: controller.signal })) {
          observe(row)
          controller.abort(new Error('enough'))
          await delay(1)
        }
      },
    },
  ]
}

const migrations: Readonly<Record<string, Migration>> = {
  '1_planet': {
    up: (db) => db.schema.createTable('planet').addColumn('id', 'integer').execute(),
    down: (db) => db.schema.dropTable('planet').execute(),
  },
}

/**
 * Creates the tables and rows that each case starts with.
 *
 * @param idType the type of a primary key that the database generates
 */
export async function seed(db: Kysely<Database>, idType: 'serial' | 'integer'): Promise<void> {
  await db.schema
    .createTable('person')
    .addColumn('id', idType, (column) => column.primaryKey())
    .addColumn('first_name', 'varchar(50)', (column) => column.notNull())
    .addColumn('age', 'integer')
    .execute()
  await db.schema
    .createTable('pet')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('owner_id', 'integer')
    .addColumn('name', 'varchar(50)')
    .execute()
  await db
    .insertInto('person')
    .values(
      ['Jo', 'Kim', 'Lee'].map((first_name, index) => ({ id: index + 101, first_name, age: 20 + index })),
    )
    .execute()
}
