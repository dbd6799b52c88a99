/**
 * Fails each test of Vitest that has an N+1. One line of the configuration switches it on:
 * `setupFiles: ['@querylens/testing/vitest/guard']`.
 *
 * @packageDocumentation
 */
import { expect } from 'vitest'

import { guardQueries } from '../guard/guard-queries.js'
import { guardState } from '../guard/guard-state.js'
import { guardVitest } from './guard-vitest.js'

export type { QueryGuardOptions } from '../guard/guard-options.js'
export { guardQueries } from '../guard/guard-queries.js'
export { skipQueryGuard } from '../guard/skip-query-guard.js'

guardState.testFile = expect.getState().testPath
guardQueries()
guardVitest()
