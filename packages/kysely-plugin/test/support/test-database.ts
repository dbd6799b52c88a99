import { createDatabase, type TestDatabase } from '@querylens/tool-postgres'

/** Creates a database on the server that all tests share. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['QUERYLENS_TEST_DATABASE_URL']
  if (!server) throw new Error('QUERYLENS_TEST_DATABASE_URL is not set: run the tests by `pnpm test`.')
  return await createDatabase(server)
}
