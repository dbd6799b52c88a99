import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const ids = Array.from({ length: 200 }, (_, index) => index)
    for (const middle of ['a', 'b', 'c']) {
      const text = 'x'.repeat(20_000) + middle + 'x'.repeat(20_000)
      await db.selectFrom('posts').selectAll().where('title', '=', text).execute()
      await sql`select id from posts where title::bytea = ${Buffer.from(text)}`.execute(db)
      const list = ids.with(100, middle.charCodeAt(0))
      await sql`select id from posts where id = any(${list}::int[])`.execute(db)
      await db.selectFrom('posts').selectAll().where('id', 'in', list.slice(0, 150)).execute()
      await sql.raw(`select id from posts where id in (${list.join(', ')})`).execute(db)
      await sql.raw(`select id from posts where title = '${text}'`).execute(db)
    }
  },
}
