/**
 * Fails each test of Jest that has an N+1. One line of the configuration switches it on:
 * `setupFilesAfterEnv: ['@querylens/testing/jest/guard']`.
 *
 * @packageDocumentation
 */
import { guardQueries } from '../guard/guard-queries.js'
import { guardJest } from './guard-jest.js'

export type { QueryGuardOptions } from '../guard/guard-options.js'
export { guardQueries } from '../guard/guard-queries.js'
export { skipQueryGuard } from '../guard/skip-query-guard.js'

guardQueries()
guardJest()
