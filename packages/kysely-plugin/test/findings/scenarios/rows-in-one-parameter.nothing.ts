import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Each statement has one parameter with two rows or keys. */
export const scenario: Scenario = {
  async run(db) {
    for (let first = 1; first <= 11; first += 2) {
      const ids = [first, first + 1]
      const rows = JSON.stringify(ids.map((id) => ({ post_id: id, body: `a, "b" of ${id}` })))
      await sql`insert into comments (post_id, body) select * from json_to_recordset(${rows}) as r(post_id int, body text)`.execute(
        db,
      )
      await sql`update comments set likes = 1 from jsonb_array_elements(${JSON.stringify(ids)}::jsonb) r where id = r::int`.execute(
        db,
      )
      await sql`select * from comments where id = any(${`{${ids.join()}}`}::bigint[])`.execute(db)
      await sql`select * from posts where id in (select unnest(string_to_array(${ids.join()}, ','))::int)`.execute(
        db,
      )
      await sql`delete from comments where id in (select value::int from json_each_text(${JSON.stringify({ a: ids[0], b: ids[1] })}))`.execute(
        db,
      )
    }
  },
  // One JSON text of several rows or keys is read by several statements.
  options: { duplicateQuery: false },
}
