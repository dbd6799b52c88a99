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

/** A PostgreSQL dialect without a database. It returns one row at once, so that only overhead is measured. */
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
