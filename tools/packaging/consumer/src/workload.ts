import { trace } from '@opentelemetry/api'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect, type Generated } from 'kysely'

import { openSqliteDatabase } from './sqlite-database.js'

interface Database {
  readonly person: { readonly id: Generated<number>; readonly name: string }
}

/** A transaction, a stream and a query that fails, all below one span of the application. */
export async function runWorkload(): Promise<void> {
  const db = new Kysely<Database>(
    querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }, { namespace: 'people' }),
  )
  await sql`create table person (id integer primary key, name text not null)`.execute(db)
  await trace.getTracer('consumer').startActiveSpan('handle request', async (span) => {
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('person')
        .values([{ name: 'Ada' }, { name: 'Grace' }])
        .execute()
      await transaction.updateTable('person').set({ name: 'Barbara' }).where('id', '=', 1).execute()
    })
    let streamed = 0
    for await (const _ of db.selectFrom('person').selectAll().stream()) streamed++
    if (streamed !== 2) throw new Error(`The stream gave ${streamed} rows.`)
    const failed = await sql`select secret from nowhere`.execute(db).then(
      () => false,
      () => true,
    )
    if (!failed) throw new Error('The query that must fail did not.')
    span.end()
  })
  await db.destroy()
}
