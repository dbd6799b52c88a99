/**
 * Fails each test of Jest that has an N+1. One line of the configuration switches it on:
 * `setupFilesAfterEnv: ['@querylens/testing/jest/guard']`.
 *
 * @packageDocumentation
 */
import { guardQueries } from '../guard/guard-queries.js'
import { guardState } from '../guard/guard-state.js'
import { expectOfJest } from './expect-of-jest.js'
import { guardJest } from './guard-jest.js'

export type { QueryGuardOptions } from '../guard/guard-options.js'
export { guardQueries } from '../guard/guard-queries.js'
export { skipQueryGuard } from '../guard/skip-query-guard.js'

guardState.testFile = expectOfJest()?.state?.testPath
guardQueries()
guardJest()
