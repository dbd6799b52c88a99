/**
 * What Querylens knows about queries, without Kysely and without OpenTelemetry: the tracing channels, their
 * messages, units of work, and the shapes of statements.
 *
 * @packageDocumentation
 */
export type { Activatable, Activate } from './messages/activate.js'
export {
  channels,
  type ExecutionChannel,
  type MessageChannel,
  type ExecutionHandlers,
  type QuerylensChannels,
} from './messages/channels.js'
export { unusedAllowances, type Allowance, type UnusedAllowance } from './findings/policy/allowance.js'
export {
  createBaseline,
  writeBaseline,
  type Baseline,
  type BaselineEntry,
} from './findings/policy/baseline.js'
export type { CallSite } from './messages/call-site.js'
export type {
  Finding,
  FindingEvidence,
  FindingKind,
  FindingSeverity,
  FindingSource,
} from './messages/finding.js'
export type {
  CountLimit,
  DurationLimit,
  FindingMode,
  FindingOptions,
  ResultLimit,
} from './findings/policy/finding-options.js'
export { ignore } from './findings/policy/ignore.js'
export { QuerylensError, type QuerylensErrorCode } from './errors.js'
export { faultCount, type Fault } from './messages/faults.js'
export type { ConnectionUse } from './messages/connection-use.js'
export type { DatabaseInfo } from './messages/database-info.js'
export type {
  QueryExecution,
  QueryExecutionKind,
  QueryOutcome,
  SpanReference,
} from './messages/query-execution.js'
export type { TracedOperation } from './messages/traced-operation.js'
export type { TransactionExecution, TransactionOutcome } from './messages/transaction-execution.js'
export { currentScope, runInScope, type ScopeOptions } from './scope/scope.js'
export type { Scope, ScopeKind, ScopeOpening, ScopeSummary } from './messages/scope.js'
export type { SqlDialect } from './sql/tokens/dialect.js'
export { analyzeQuery, type AnalyzeOptions, type QueryShape } from './sql/shape/query-shape.js'
export { shapeCacheStatistics, type ShapeCacheStatistics } from './sql/shape/shape-cache.js'
export type { StatementKind } from './sql/shape/statement-kind.js'
