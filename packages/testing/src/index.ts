/**
 * Assertions on the queries that code sends, for any test runner.
 *
 * @packageDocumentation
 */
export { skipQueryGuard } from './guard/skip-query-guard.js'
export { captureQueries } from './capture/capture-queries.js'
export type { CaptureOptions } from './capture/capture-options.js'
export type { CapturedQueries, OutsideQueries } from './recording/captured-queries.js'
export type { CapturedQuery } from './recording/captured-query.js'
export { QueryAssertionError } from './report/query-assertion-error.js'
