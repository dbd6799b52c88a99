import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Such as the cursor of an export, which one object holds. */
class Position {
  #id = 0

  next(): this {
    this.#id++
    return this
  }

  toPostgres(): string {
    return String(this.#id)
  }
}

export const scenario: Scenario = {
  async run(db) {
    const position = new Position()
    // State managers hand out proxies of their lists.
    const seen = new Proxy<number[]>([], {})
    for (let id = 1; id <= 6; id++) {
      seen.push(id)
      await sql`select title from posts where id = ${position.next()}`.execute(db)
      await sql`select body from comments where post_id = any(${seen})`.execute(db)
    }
  },
}
