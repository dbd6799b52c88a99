import { context, SpanKind, trace, type Context, type Span } from '@opentelemetry/api'
import type { TransactionExecution } from '@querylens/core'

import {
  ATTR_QUERYLENS_SCOPE_NAME,
  ATTR_QUERYLENS_TRANSACTION_ACCESS_MODE,
  ATTR_QUERYLENS_TRANSACTION_ISOLATION_LEVEL,
  ATTR_QUERYLENS_TRANSACTION_OUTCOME,
  ATTR_QUERYLENS_TRANSACTION_QUERY_COUNT,
} from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import { databaseAttributes } from '../operation-attributes.js'
import { recordError } from './record-error.js'
import type { ScopeSpans } from './scope-spans.js'
import type { SpanWriting } from './span-writing.js'

/** The span of an open transaction. */
export interface TransactionSpan {
  readonly span: Span
  /** Whether a query that the application sends in this context becomes the transaction's child. */
  isParentIn(context: Context): boolean
}

/** Turns transactions into INTERNAL spans. */
export interface TransactionSpans {
  /** Returns `undefined` where the option `transactionSpans` is off. */
  start(transaction: TransactionExecution): TransactionSpan | undefined
  end(transaction: TransactionExecution, span: Span, error: ErrorDescription | undefined): void
}

/** The span's name leaves the statements out: their own spans are its children. */
export function createTransactionSpans(
  writing: SpanWriting,
  scopes: Pick<ScopeSpans, 'contextIn'>,
): TransactionSpans {
  return {
    start(transaction) {
      if (!writing.options.transactionSpans) return undefined
      const active = scopes.contextIn(transaction.scope, context.active())
      const outside = trace.getSpan(active)
      const span = writing.tracer.startSpan(
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
      if (error !== undefined) recordError(writing, span, error, endTimeMillis)
      writing.endSpan(span, endTimeMillis)
    },
  }
}
