/**
 * For authors of adapters, which record the queries of a query builder, and of subscribers that make spans. Applications
 * need nothing of it.
 *
 * @packageDocumentation
 */
export type { ResolvedDetectOptions } from './findings/detect-options.js'
export { useDetectOptions } from './findings/detectors-by-scope.js'
export { activateIn, type Activate } from './messages/activate.js'
export { setSpanContext } from './messages/query-execution.js'
export type { TracedOperation } from './messages/traced-operation.js'
export type { NameInCode } from './name-in-code.js'
export { isRecordingConnections, recordAcquisition, recordRelease } from './record/connection.js'
export { noteCall } from './record/detection.js'
export { recordQuery } from './record/record-query.js'
export { recordStream } from './record/record-stream.js'
export type { RecordedDatabase } from './record/recorded-database.js'
export type { RowCounts } from './record/row-counts.js'
export { createSession, type OpenUse, type Session } from './record/session.js'
export type { Statement } from './record/statement.js'
export {
  isRecordingTransactions,
  recordBegin,
  recordCommand,
  recordRolledBack,
  type TransactionCommand,
  type TransactionOptions,
} from './record/transaction.js'
export { isRecordingQueries } from './scope/recording.js'
export type { MergeNames } from './sql/shape/name-merging.js'
export { shapeCacheOf, type ShapeCache, type StatementReading } from './sql/shape/shape-cache.js'
