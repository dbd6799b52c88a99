import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** A heartbeat, a session that is touched, a counter. */
export const scenario: Scenario = {
  async run(db) {
    const id = crypto.randomUUID()
    for (let beat = 0; beat < 6; beat++) {
      await db
        .insertInto('documents')
        .values({ id, title: `beat ${beat}`, related: [] })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((eb) => ({ title: eb.ref('excluded.title') })),
        )
        .execute()
      await sql`insert into documents as d (id, title, related) values (${id}, ${`beat ${beat}`}, '{}') on conflict on constraint documents_pkey do update set title = excluded.title, related = d.related`.execute(
        db,
      )
    }
  },
}
