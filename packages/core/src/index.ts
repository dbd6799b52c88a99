/**
 * What Querylens knows about queries, without Kysely and without OpenTelemetry: the tracing channels, their
 * messages, units of work, and the shapes of statements.
 *
 * @packageDocumentation
 */
export type { Activatable, Activate } from './activate.js'
export {
  channels,
  type ExecutionChannel,
  type MessageChannel,
  type ExecutionHandlers,
  type QuerylensChannels,
} from './channels.js'
export { unusedAllowances, type Allowance, type UnusedAllowance } from './detect/allowance.js'
export { createBaseline, writeBaseline, type Baseline, type BaselineEntry } from './detect/baseline.js'
export type { CallSite } from './detect/call-site.js'
export type {
  Finding,
  FindingEvidence,
  FindingKind,
  FindingSeverity,
  FindingSource,
} from './detect/finding.js'
export type {
  CountLimit,
  DurationLimit,
  FindingMode,
  FindingOptions,
  ResultLimit,
} from './detect/finding-options.js'
export { ignore } from './detect/ignore.js'
export { QuerylensError, type QuerylensErrorCode } from './errors.js'
export { faultCount, type Fault } from './faults.js'
export type { ConnectionUse } from './record/connection-use.js'
export type { DatabaseInfo } from './record/database-info.js'
export type {
  QueryExecution,
  QueryExecutionKind,
  QueryOutcome,
  SpanReference,
} from './record/query-execution.js'
export type { TracedOperation } from './record/trace-operation.js'
export type { TransactionExecution, TransactionOutcome } from './record/transaction-execution.js'
export {
  currentScope,
  runInScope,
  type Scope,
  type ScopeKind,
  type ScopeOpening,
  type ScopeOptions,
  type ScopeSummary,
} from './scope/scope.js'
export type { SqlDialect } from './sql/dialect.js'
export { analyzeQuery, type AnalyzeOptions, type QueryShape } from './sql/query-shape.js'
export { shapeCacheStatistics, type ShapeCacheStatistics } from './sql/shape-cache.js'
export type { StatementKind } from './sql/statement-kind.js'
