/**
 * What Querylens knows about queries, without Kysely and without OpenTelemetry: the tracing channels,
 * their messages, units of work, and the recorder that adapters for query builders use.
 *
 * @packageDocumentation
 */
export {
  channels,
  type ExecutionChannel,
  type ExecutionHandlers,
  type QuerylensChannels,
} from './channels.js'
export { QuerylensError, type QuerylensErrorCode } from './errors.js'
export { faultCount, reportFault, type Fault } from './faults.js'
export { checkOptions, describeValue, optionRules, type OptionRule } from './options.js'
export {
  isRecordingConnections,
  recordAcquisition,
  recordRelease,
  type ConnectionUse,
} from './record/connection-use.js'
export type { DatabaseInfo } from './record/database-info.js'
export { addDormantListener, type DormantListener } from './record/dormant-listeners.js'
export {
  isRecordingQueries,
  recordQuery,
  type QueryExecution,
  type QueryExecutionKind,
  type QueryOutcome,
  type RowCounts,
} from './record/query-execution.js'
export { recordStream } from './record/query-stream.js'
export { createSession, type Session } from './record/session.js'
export type { Activate, TracedOperation } from './record/trace-operation.js'
export {
  isRecordingTransactions,
  recordBegin,
  recordCommand,
  type TransactionCommand,
  type TransactionExecution,
  type TransactionOptions,
  type TransactionOutcome,
} from './record/transaction-execution.js'
export { enableHttpScopes } from './scope/http-scope.js'
export { currentScope, runInScope, type Scope, type ScopeKind, type ScopeSummary } from './scope/scope.js'
export type { SqlDialect } from './sql/dialect.js'
export { analyzeQuery, type AnalyzeOptions, type QueryShape } from './sql/query-shape.js'
export { shapeCacheStatistics, type ShapeCache, type ShapeCacheStatistics } from './sql/shape-cache.js'
export type { StatementKind } from './sql/statement-kind.js'
