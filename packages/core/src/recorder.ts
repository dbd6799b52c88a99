/**
 * For those who write adapters: what records the queries of a query builder, and what else the packages of
 * Querylens share. Applications need nothing of it.
 *
 * @packageDocumentation
 */
export { toEpochMillis } from './clock.js'
export { describeCallSite } from './stack/call-site.js'
export { callSiteOfError } from './stack/error-site.js'
export { refreshFinding } from './findings/report/finding-ledger.js'
export type { ResolvedFindingOptions } from './findings/policy/finding-options.js'
export { useFindingOptions } from './findings/detectors-by-scope.js'
export type { NameInCode } from './findings/suggest/looped-statement.js'
export { reportFault } from './messages/faults.js'
export { checkOptions, describeValue, optionRules, type OptionRule } from './options.js'
export { isRecordingConnections, recordAcquisition, recordRelease } from './record/connection-use.js'
export { addDormantListener, type DormantListener } from './messages/dormant-listeners.js'
export type { Statement } from './record/detection.js'
export { isRecordingQueries, recordQuery, type RowCounts } from './record/query-execution.js'
export { recordStream } from './record/query-stream.js'
export type { RecordedDatabase } from './record/recorded-database.js'
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
export { normalizeSystem } from './sql/tokens/dialect.js'
export { shapeCacheOf, type ShapeCache, type StatementReading } from './sql/shape/shape-cache.js'
