import { Kysely, SqliteDialect } from 'kysely'

import type { Database } from '../support/database.js'
import { openSqliteDatabase } from '../support/sqlite-database.js'
import { commonCases, seed } from './common-cases.js'
import { describeConnectionContract } from './connection-contract.js'

describeConnectionContract(
  'SQLite',
  async () => {
    const statements: string[] = []
    const database = openSqliteDatabase((sql) => void statements.push(sql))
    await seed(new Kysely<Database>({ dialect: new SqliteDialect({ database }) }), 'integer')
    return { dialect: new SqliteDialect({ database }), statements }
  },
  commonCases,
)
