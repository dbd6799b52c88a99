import { MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, DummyDriver, type QueryResult } from 'kysely'

import { commonCases } from './common-cases.js'
import { describeConnectionContract } from './connection-contract.js'

/** MySQL's compiler and commands over a driver that returns the same two rows for each statement. */
describeConnectionContract(
  'the compiler of MySQL and a stub driver',
  async () => {
    const statements: string[] = []
    const rows = [
      { id: 1, first_name: 'Ada', age: 36 },
      { id: 2, first_name: 'Grace', age: 40 },
    ]
    const driver = new DummyDriver()
    driver.acquireConnection = async () => ({
      executeQuery: async (query) => {
        statements.push(query.sql)
        return { rows, numAffectedRows: 2n } as QueryResult<never>
      },
      streamQuery: async function* (query) {
        statements.push(query.sql)
        yield { rows } as QueryResult<never>
      },
    })
    return {
      statements,
      dialect: {
        createAdapter: () => new MysqlAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new MysqlIntrospector(db),
        createQueryCompiler: () => new MysqlQueryCompiler(),
      },
    }
  },
  commonCases,
)
