import { resolveGuardOptions, type QueryGuardOptions } from './guard-options.js'
import { guardState } from './guard-state.js'

/**
 * Sets the options of the query guard, which fails each test that has an N+1. An import of the entry of a runner, such as
 * `@querylens/testing/vitest/guard`, has switched it on with the defaults.
 *
 * Call it in a set-up file, which the runner loads before each test file. The options of the last call hold.
 *
 * @throws QuerylensError for an unknown option or a value that an option does not take
 *
 * @example
 * import { guardQueries } from '@querylens/testing/vitest/guard'
 *
 * guardQueries({ kinds: ['n_plus_one', 'duplicate_query'] })
 */
export function guardQueries(options?: QueryGuardOptions): void {
  guardState.options = resolveGuardOptions(options, guardState.testFile)
}
