import { runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createPostgresDialect } from '../support/postgres-dialect.ts'
import { createTestDatabase } from '../support/test-database.ts'

/** A schema for each type of key: `users` with ten rows, and tables with one and with three rows for each user. */
type Key = string | number
interface Posts {
  user_id: Key
  author_id: Key
  owner: Key
}
interface Tables {
  users: { id: Key; rank: number }
  notes: Posts
  posts: Posts
}

const TYPES = ['int', 'uuid', 'text'] as const
/** How the name of the column agrees with `users.id`. */
const COLUMNS = { 'the whole name': 'user_id', 'half of the name': 'author_id', 'no name': 'owner' } as const
const RESULTS = ['one row', 'several rows', 'no rows'] as const

let db: Kysely<Tables>
let drop: () => Promise<void> = async () => {}
const { closed } = collectFindings()

beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  const { dialect } = createPostgresDialect({ connectionString: database.connectionString })
  db = new Kysely<Tables>(querylens({ dialect }))
  for (const type of TYPES) {
    // Texts of letters alone, which may meet by chance.
    const key = { int: 'i', uuid: 'gen_random_uuid()', text: `repeat(chr(96 + i), 3)` }[type]
    for (const statement of [
      `create schema by_${type}`,
      `create table by_${type}.users as select ${key} as id, i as rank from generate_series(1, 10) i`,
      `create table by_${type}.notes as select id as user_id, id as author_id, id as owner from by_${type}.users`,
      `create table by_${type}.posts as select n.* from by_${type}.notes n, generate_series(1, 3)`,
    ]) {
      await sql.raw(statement).execute(db)
    }
  }
})
afterAll(async () => {
  await db.destroy()
  await drop()
})

describe.each(TYPES)('A loop over keys of type %s', (type) => {
  describe.each(Object.entries(COLUMNS))('with %s in common', (_, column) => {
    it.each(RESULTS.flatMap((result) => [4, 10].map((items) => [items, result] as const)))(
      'has its verdict for %d items with %s each',
      async (items, result) => {
        const here = db.withSchema(`by_${type}`)
        await runInScope('loop', async () => {
          const users = await here.selectFrom('users').select('id').orderBy('rank').limit(items).execute()
          for (const { id } of users) {
            const from = here.selectFrom(result === 'one row' ? 'notes' : 'posts').selectAll()
            const rows = await from
              .where(column, '=', id)
              .$if(result === 'no rows', (query) => query.where(sql<boolean>`false`))
              .execute()
            expect(rows).toHaveLength({ 'one row': 1, 'several rows': 3, 'no rows': 0 }[result])
          }
        })
        // Only UUIDs hardly meet by chance.
        const isProven = column !== 'owner' || type === 'uuid'
        const evidence = isProven ? 'proven' : 'repeated'
        const verdict = closed.map((finding) => [finding.kind, finding.evidence, finding.count])
        expect(verdict).toEqual(isProven || items >= 5 ? [['n_plus_one', evidence, items]] : [])
      },
    )
  })
})
