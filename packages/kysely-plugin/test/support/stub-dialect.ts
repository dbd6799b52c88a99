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

/** MySQL's compiler over a driver that answers whatever a test wants. */
export function createStubDialect(
  answer: (query: CompiledQuery) => unknown = () => ({ rows: [] }),
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
          executeQuery: async (query) => answer(query) as QueryResult<never>,
          streamQuery: async function* (query) {
            yield answer(query) as QueryResult<never>
          },
        })
      return driver
    },
  }
}
