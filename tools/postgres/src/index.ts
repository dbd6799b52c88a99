export { findSqlFolder } from './binaries.ts'
/**
 * Runs a real PostgreSQL for tests, benchmarks and the demo on any machine that can install npm packages.
 *
 * @packageDocumentation
 */
export { createDatabase, type TestDatabase } from './create-database.ts'
export { startPostgres, type PostgresOptions, type PostgresServer } from './start-postgres.ts'
