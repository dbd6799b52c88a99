import { context, trace, type Context, type Span } from '@opentelemetry/api'
import type { Finding, QueryExecution, TransactionExecution } from '@querylens/core'

import type { OperationListener } from '../listeners/operation-listener.js'
import { rpcMetadataIn } from '../sdk-internals.js'
import type { QuerySpan } from '../spans/query-spans.js'
import type { ScopeSpans } from '../spans/scope-spans.js'
import type { TransactionSpan } from '../spans/transaction-spans.js'

/** The open spans of Querylens, among which those of a finding are. */
export interface OpenOperations {
  readonly queries: Pick<OperationListener<QueryExecution, QuerySpan | undefined>, 'stateOf' | 'states'>
  readonly transactions: Pick<
    OperationListener<TransactionExecution, TransactionSpan | undefined>,
    'stateOf' | 'states'
  >
  readonly scopes: Pick<ScopeSpans, 'spanOf' | 'isOwn'>
}

/** A recorded span around a finding. */
export interface SpanAround {
  readonly span: Span
  /**
   * Whether the figures can still be written to the span later, with or without a span processor of Querylens. This is
   * true of the spans that Querylens ends. It is also true of the span of a request whose scope has the finding: both end
   * with the `close` of the response, and the scope, which began first, ends first.
   */
  readonly isWrittenLater: boolean
}

/** The spans of a finding that opens. */
export interface FindingSpans {
  /** The span of the finding's own query, recorded or not. */
  readonly query: Span | undefined
  /** The recorded spans around the query, each once. */
  readonly around: readonly SpanAround[]
  /** The context of the finding: with the query's span, or with the span around it. */
  readonly context: Context
}

/**
 * Finds the spans of a finding in the context in which it opens: the request's, the scope's, the transaction's, and
 * those that the application has open right around the query.
 */
export function spansOf(finding: Finding, operations: OpenOperations): FindingSpans {
  const active = context.active()
  const query = finding.execution && operations.queries.stateOf(finding.execution)
  return {
    query: query?.span,
    around: spansAround(finding, operations, active),
    context: query === undefined ? active : trace.setSpan(active, query.span),
  }
}

function spansAround(
  { execution, transaction, scope }: Finding,
  operations: OpenOperations,
  active: Context,
): readonly SpanAround[] {
  const { queries, transactions, scopes } = operations
  const span = trace.getSpan(active)
  const query = execution === undefined ? queryOf(span, queries.states()) : queries.stateOf(execution)
  const request = rpcMetadataIn(query?.active ?? active)?.span
  const found = [request, scopes.spanOf(scope)]
  if (query !== undefined) {
    found.push(trace.getSpan(query.parent), trace.getSpan(query.active))
  } else if (execution === undefined) {
    found.push(transaction && transactions.stateOf(transaction)?.span, span)
  } else if (span?.spanContext().traceId === execution.spanContext?.traceId) {
    // This finding opens at the end of its scope, long after the query. The active span is around the scope, as long as
    // it is of the same trace.
    found.push(span)
  }
  const recorded = [...new Set(found)].filter((each) => each?.isRecording()) as Span[]
  return recorded.map((each) => ({
    span: each,
    isWrittenLater: isOwn(each, operations) || (each === request && scope?.kind === 'http'),
  }))
}

/** Whether Querylens made this span, and ends it. */
function isOwn(span: Span, { queries, transactions, scopes }: OpenOperations): boolean {
  for (const query of queries.states()) if (query?.span === span) return true
  for (const transaction of transactions.states()) if (transaction?.span === span) return true
  return scopes.isOwn(span)
}

/** A finding without a query of its own may open while a query is being sent, whose span is active then. */
function queryOf(span: Span | undefined, open: Iterable<QuerySpan | undefined>): QuerySpan | undefined {
  if (span !== undefined) for (const query of open) if (query?.span === span) return query
  return undefined
}
