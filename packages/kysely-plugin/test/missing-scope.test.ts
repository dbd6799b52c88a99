import { channels, runInScope, withoutFindings } from '@querylens/core'
import { querylens, type QuerylensOptions } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'

import { openSqliteDatabase } from './support/sqlite-database.ts'

/** The warning appears once in a process, so the tests of this file run in their order. */
describe('a query outside any scope', () => {
  const databases: Kysely<unknown>[] = []
  let warn: MockInstance<typeof console.warn>
  const listen = (): void => {}

  beforeEach(() => (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
  afterEach(async () => {
    warn.mockRestore()
    channels.finding.unsubscribe(listen)
    await Promise.all(databases.splice(0).map((db) => db.destroy()))
  })

  function open(options?: QuerylensOptions): Kysely<unknown> {
    const db = new Kysely<unknown>(
      querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }, options),
    )
    databases.push(db)
    return db
  }

  it('is no reason for a warning while nothing detects', async () => {
    await sql`select 1`.execute(open())
    channels.finding.subscribe(listen)
    await sql`select 1`.execute(open({ detect: false }))
    expect(warn).not.toHaveBeenCalled()
  })

  it('is no reason for a warning where it could not be part of a finding', async () => {
    channels.finding.subscribe(listen)
    const db = open()
    await sql`create table orders (id int)`.execute(db)
    await sql`select name from sqlite_master`.execute(db)
    await withoutFindings(() => sql`select 1`.execute(db))
    await runInScope('job', () => sql`select 1`.execute(db))
    expect(warn).not.toHaveBeenCalled()
  })

  it('is reported on the console, once, with what to do', async () => {
    channels.finding.subscribe(listen)
    const db = open()
    const strict = open({ detect: { mode: 'throw' } })
    for (const each of [db, strict]) await sql`create table orders (id int)`.execute(each)
    for (let count = 0; count < 3; count++) await sql`select 'secret' as word from orders`.execute(db)
    await sql`select id from orders`.execute(strict)
    expect(warn).toHaveBeenCalledOnce()
    const [[message]] = warn.mock.calls as [[string]]
    expect(message).toMatch(
      /^querylens: a query ran outside any scope and was not checked for findings: select orders\. Wrap .* in runInScope\(name, work\)\./,
    )
    expect(message).not.toContain('secret')
  })
})
