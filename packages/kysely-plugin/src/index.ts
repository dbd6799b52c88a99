/**
 * Shows every query of a Kysely instance, exactly once, to whoever listens.
 *
 * @packageDocumentation
 */
export type { QuerylensOptions } from './options.js'
export { instrumentDialect, querylens } from './querylens.js'
