/**
 * For those who write adapters: what records the queries of a query builder, and what else the packages of
 * Querylens share. Applications need nothing of it.
 *
 * @packageDocumentation
 */
export { reportFault } from './faults.js'
export { checkOptions, describeValue, optionRules, type OptionRule } from './options.js'
export { isRecordingConnections, recordAcquisition, recordRelease } from './record/connection-use.js'
export { addDormantListener, type DormantListener } from './record/dormant-listeners.js'
export { isRecordingQueries, recordQuery, type RowCounts } from './record/query-execution.js'
export { recordStream } from './record/query-stream.js'
export { createSession, type OpenUse, type Session } from './record/session.js'
export {
  isRecordingTransactions,
  recordBegin,
  recordCommand,
  type TransactionCommand,
  type TransactionOptions,
} from './record/transaction-execution.js'
export { enableHttpScopes } from './scope/http-scope.js'
export { sharedState } from './shared-state.js'
export { shapeCacheOf, type ShapeCache, type StatementReading } from './sql/shape-cache.js'
