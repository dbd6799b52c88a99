/**
 * Fails each test of `node:test` that has an N+1. One flag switches it on:
 * `node --test --import @querylens/testing/node/guard`.
 *
 * @packageDocumentation
 */
import process from 'node:process'

import { guardQueries } from '../guard/guard-queries.js'
import { guardState } from '../guard/guard-state.js'
import { guardNodeTests } from './guard-node-tests.js'

export type { QueryGuardOptions } from '../guard/guard-options.js'
export { guardQueries } from '../guard/guard-queries.js'
export { skipQueryGuard } from '../guard/skip-query-guard.js'

guardState.testFile = process.argv[1]
guardQueries()
guardNodeTests()
