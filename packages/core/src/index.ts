/**
 * What Querylens knows about queries, without Kysely and without OpenTelemetry: the channels and their messages, scopes,
 * findings, and the shapes of statements.
 *
 * @packageDocumentation
 */
export { QuerylensError, type QuerylensErrorCode } from './errors.js'
export type { DetectOptions } from './findings/detect-options.js'
export type { StampedeLimit } from './findings/kinds/cache-stampede.js'
export type { ResultLimit } from './findings/kinds/large-result.js'
export type { Allowance } from './findings/policy/allowance.js'
export { writeBaseline } from './findings/policy/allowance-file.js'
export type { UnusedAllowance } from './findings/policy/allowances.js'
export type { FindingMode } from './findings/policy/finding-mode.js'
export type { CountLimit, DurationLimit } from './findings/policy/limits.js'
export { withoutFindings } from './findings/policy/without-findings.js'
export { FindingError } from './findings/report/finding-error.js'
export type { CallSite } from './messages/call-site.js'
export {
  channels,
  type ExecutionChannel,
  type ExecutionHandlers,
  type MessageChannel,
  type QuerylensChannels,
} from './messages/channels.js'
export type { ConnectionUse } from './messages/connection-use.js'
export type { DatabaseInfo } from './messages/database-info.js'
export type { Fault } from './messages/faults.js'
export type {
  Finding,
  FindingEvidence,
  FindingKind,
  FindingSeverity,
  FindingSource,
} from './messages/finding.js'
export type {
  QueryExecution,
  QueryExecutionKind,
  QueryOutcome,
  SpanReference,
} from './messages/query-execution.js'
export type { Scope, ScopeKind, ScopeOpening, ScopeSummary } from './messages/scope.js'
export type { TransactionExecution, TransactionOutcome } from './messages/transaction-execution.js'
export { diagnostics, type Diagnostics } from './record/diagnostics.js'
export { scopeHttpRequests, setRoute } from './scope/http-scope.js'
export { runInScope, type ScopeOptions } from './scope/run-in-scope.js'
export { currentScope } from './scope/scope.js'
export { analyzeQuery, type AnalyzeOptions, type QueryShape } from './sql/shape/query-shape.js'
export type { ShapeCacheStatistics } from './sql/shape/shape-cache.js'
export type { StatementKind } from './sql/shape/statement-kind.js'
export type { SqlDialect } from './sql/tokens/dialect.js'
