import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll } from 'vitest'

import type { Database } from '../support/database.js'
import { createPostgresDialect } from '../support/postgres-dialect.js'
import { createTestDatabase } from '../support/test-database.js'
import { commonCases, seed } from './common-cases.js'
import { describeConnectionContract } from './connection-contract.js'
import { postgresCases } from './postgres-cases.js'

let connectionString: string
let drop: () => Promise<void>

beforeAll(async () => {
  ;({ connectionString, drop } = await createTestDatabase())
})
afterAll(() => drop())

describeConnectionContract(
  'PostgreSQL',
  async () => {
    const statements: string[] = []
    const admin = new Kysely<Database>({ dialect: createPostgresDialect({ connectionString }).dialect })
    await sql`drop schema if exists public cascade`.execute(admin)
    await sql`drop schema if exists other cascade`.execute(admin)
    await sql`create schema public`.execute(admin)
    await seed(admin, 'serial')
    await admin.destroy()
    const { dialect } = createPostgresDialect(
      { connectionString, max: 2, connectionTimeoutMillis: 500 },
      (statement) => void statements.push(statement),
    )
    return { dialect, statements }
  },
  [...commonCases, ...postgresCases],
)
