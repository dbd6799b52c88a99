import { sql, type Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

/** Lists and rows of literals, some with more elements than Querylens compares. */
export const scenario: Scenario = {
  async run(db) {
    await chunks(db, 2)
    await chunks(db, 20)
    await chunks(db, 300)
  },
}

async function chunks(db: Kysely<Blog>, size: number): Promise<void> {
  for (let chunk = 0; chunk < 8; chunk++) {
    const ids = Array.from({ length: size }, (_, index) => chunk * size + index + 1)
    const list = sql.raw(ids.join(', '))
    await sql`select id from comments where post_id in (${list})`.execute(db)
    await sql`select body from comments where post_id in (${list}) and likes < ${9}`.execute(db)
    await sql`delete from comments where id in (${list})`.execute(db)
    const rows = sql.raw(ids.map((id) => `(${id}, 'comment ${id}')`).join(', '))
    await sql`insert into comments (post_id, body) values ${rows}`.execute(db)
  }
}
