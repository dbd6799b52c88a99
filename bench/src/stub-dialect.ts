import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'

const RESULT: QueryResult<never> = { rows: [{ id: 1, name: 'one' } as never] }

/** PostgreSQL without a database: every query is answered at once with one row, so only overhead is left. */
export const stubDialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => createStubDriver(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}

function createStubDriver(): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async () => RESULT,
    streamQuery: async function* () {
      yield RESULT
    },
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => {},
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}
