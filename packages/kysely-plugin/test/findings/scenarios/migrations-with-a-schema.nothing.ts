import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'

import type { Scenario } from '../scenario.ts'

function createsTable(name: string): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.createTable(name).addColumn('id', 'integer').execute()
    },
  }
}

export const scenario: Scenario = {
  async run(db) {
    await sql`create schema app`.execute(db)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `migrated_${name}`)
    const migrations = Object.fromEntries(names.map((name) => [name, createsTable(name)]))
    const migrator = new Migrator({
      db,
      migrationTableSchema: 'app',
      provider: { getMigrations: async () => migrations },
    })
    for (let count = 0; count < 2; count++) {
      const { error } = await migrator.migrateToLatest()
      if (error !== undefined) throw error
    }
  },
}
