/**
 * Publishes every query of a Kysely instance exactly once.
 *
 * @packageDocumentation
 */
export type { AnyConfig, AnyDialect } from './any-kysely.js'
export type { ConnectionInfo } from './connection-info.js'
export type { QuerylensOptions } from './options.js'
export { instrumentDialect, querylens } from './querylens.js'
