import { context, SpanKind, trace, type Context, type Span } from '@opentelemetry/api'
import type { ConnectionUse, TransactionExecution } from '@querylens/core'

import {
  ATTR_QUERYLENS_CONNECTION_WAIT_TIME,
  ATTR_QUERYLENS_SCOPE_NAME,
  ATTR_QUERYLENS_TRANSACTION_ACCESS_MODE,
  ATTR_QUERYLENS_TRANSACTION_ISOLATION_LEVEL,
  ATTR_QUERYLENS_TRANSACTION_OUTCOME,
  ATTR_QUERYLENS_TRANSACTION_QUERY_COUNT,
} from './attributes.js'
import type { ErrorDescription } from './error-description.js'
import { databaseAttributes } from './operation-attributes.js'
import { recordError, type SpanContext } from './query-spans.js'
import { toSeconds } from './seconds.js'

/** The span of an open transaction. */
export interface TransactionSpan {
  readonly span: Span
  /** Whether a query that is sent in this context becomes the transaction's child. */
  isParentIn(context: Context): boolean
}

/** Turns transactions into INTERNAL spans. */
export interface TransactionSpans {
  /** Returns `undefined` where transactions are not to become spans. */
  start(transaction: TransactionExecution): TransactionSpan | undefined
  end(transaction: TransactionExecution, span: Span, error: ErrorDescription | undefined): void
}

/** Named without the statements in it: they are its children. */
export function createTransactionSpans(shared: SpanContext): TransactionSpans {
  return {
    start(transaction) {
      if (!shared.options.transactionSpans) return undefined
      const active = context.active()
      const outside = trace.getSpan(active)
      const span = shared.tracer.startSpan(
        'transaction',
        {
          kind: SpanKind.INTERNAL,
          startTime: transaction.startTimeMillis,
          attributes: databaseAttributes(transaction.database),
        },
        active,
      )
      const isParentIn = (current: Context): boolean => {
        const inside = trace.getSpan(current)
        return inside === undefined || inside === outside
      }
      return { span, isParentIn }
    },

    end(transaction, span, error) {
      const { isolationLevel, accessMode, scope, outcome, queryCount } = transaction
      const endTimeMillis = transaction.startTimeMillis + (transaction.durationMillis ?? 0)
      span.setAttribute(ATTR_QUERYLENS_TRANSACTION_OUTCOME, outcome)
      span.setAttribute(ATTR_QUERYLENS_TRANSACTION_QUERY_COUNT, queryCount)
      if (isolationLevel !== undefined) {
        span.setAttribute(ATTR_QUERYLENS_TRANSACTION_ISOLATION_LEVEL, isolationLevel)
      }
      if (accessMode !== undefined) span.setAttribute(ATTR_QUERYLENS_TRANSACTION_ACCESS_MODE, accessMode)
      if (scope !== undefined) span.setAttribute(ATTR_QUERYLENS_SCOPE_NAME, scope.name)
      if (error !== undefined) recordError(shared, span, error, endTimeMillis)
      span.end(endTimeMillis)
    },
  }
}

/**
 * A connection that could not be had has no statement to show it, so it becomes an INTERNAL span of its
 * own: an exhausted pool is what a trace must not hide.
 */
export function writeFailedAcquisition(
  shared: SpanContext,
  use: ConnectionUse,
  error: ErrorDescription,
): void {
  const waitMillis = use.waitMillis ?? 0
  const span = shared.tracer.startSpan('acquire connection', {
    kind: SpanKind.INTERNAL,
    startTime: use.startTimeMillis,
    attributes: {
      ...databaseAttributes(use.database),
      [ATTR_QUERYLENS_CONNECTION_WAIT_TIME]: toSeconds(waitMillis),
      ...(use.scope !== undefined && { [ATTR_QUERYLENS_SCOPE_NAME]: use.scope.name }),
    },
  })
  recordError(shared, span, error, use.startTimeMillis + waitMillis)
  span.end(use.startTimeMillis + waitMillis)
}
