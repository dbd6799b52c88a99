import { startPostgres } from './start-postgres.ts'

/** One server for all test files; each makes databases of its own on it. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres()
  process.env['QUERYLENS_TEST_DATABASE_URL'] = server.connectionString
  return server.stop
}
