/**
 * Publishes every query of a Kysely instance exactly once.
 *
 * @packageDocumentation
 */
export type { ConnectionInfo } from './connection-info.js'
export type { QuerylensOptions } from './options.js'
export { instrumentDialect, querylens } from './querylens.js'
