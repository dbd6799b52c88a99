import {
  DummyDriver,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from 'kysely'

/** MySQL's compiler over a driver that returns the results of a test. */
export function createStubDialect(
  resultOf: (query: CompiledQuery) => unknown = () => ({ rows: [] }),
  adapt: (connection: DatabaseConnection) => DatabaseConnection | Promise<DatabaseConnection> = (
    connection,
  ) => connection,
): Dialect {
  return {
    createAdapter: () => new MysqlAdapter(),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createDriver() {
      const driver = new DummyDriver()
      driver.acquireConnection = async () =>
        adapt({
          executeQuery: async (query) => resultOf(query) as QueryResult<never>,
          streamQuery: async function* (query) {
            yield resultOf(query) as QueryResult<never>
          },
        })
      return driver
    },
  }
}
