import { startPostgres } from './start-postgres.ts'

/** Starts one server for all test files. Each file creates its databases on it. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres()
  process.env['QUERYLENS_TEST_DATABASE_URL'] = server.connectionString
  return server.stop
}
