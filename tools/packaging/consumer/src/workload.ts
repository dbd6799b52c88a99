import { trace } from '@opentelemetry/api'
import { runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect, type Generated } from 'kysely'

import { openSqliteDatabase } from './sqlite-database.js'

interface Database {
  readonly person: { readonly id: Generated<number>; readonly name: string }
  readonly pet: { readonly id: Generated<number>; readonly owner_id: number }
}

/** A transaction, a loop over the rows of a stream, and a query that fails, all below one span of the application. */
export async function runWorkload(): Promise<void> {
  const db = new Kysely<Database>(
    querylens(
      { dialect: new SqliteDialect({ database: openSqliteDatabase() }) },
      { connection: { database: 'people' } },
    ),
  )
  await sql`create table person (id integer primary key, name text not null)`.execute(db)
  await sql`create table pet (id integer primary key, owner_id integer not null)`.execute(db)
  await trace.getTracer('consumer').startActiveSpan('handle request', async (span) => {
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('person')
        .values([{ name: 'Ada' }, { name: 'Grace' }])
        .execute()
      await transaction.updateTable('person').set({ name: 'Barbara' }).where('id', '=', 1).execute()
    })
    await runInScope('list pets', async () => {
      const ids: number[] = []
      for await (const { id } of db.selectFrom('person').selectAll().stream()) ids.push(id)
      if (ids.length !== 2) throw new Error(`The stream gave ${ids.length} rows.`)
      for (const id of ids) await db.selectFrom('pet').selectAll().where('owner_id', '=', id).execute()
    })
    const failed = await sql`select secret from nowhere`.execute(db).then(
      () => false,
      () => true,
    )
    if (!failed) throw new Error('The query that must fail did not.')
    span.end()
  })
  await db.destroy()
}
