import { context } from '@opentelemetry/api'
import { channels } from '@querylens/core'
import type { TracedOperation } from '@querylens/core/recorder'

import { describeError, type ErrorDescription } from '../error-description.js'
import { createFindingWriter } from '../findings/finding-writer.js'
import type { MarkedSpans } from '../findings/marked-spans.js'
import type { LogWriter } from '../logs/log-writer.js'
import type { MetricWriter } from '../metrics/metric-writer.js'
import { writeFailedAcquisition } from '../spans/acquisition-spans.js'
import { createQuerySpans } from '../spans/query-spans.js'
import { createRequests } from '../spans/requests.js'
import { createScopeSpans } from '../spans/scope-spans.js'
import { shareOpenSpans } from '../spans/span-endings.js'
import type { SpanWriting } from '../spans/span-writing.js'
import { createTransactionSpans } from '../spans/transaction-spans.js'
import { createListener, listenTo, type Listener } from '../listeners/listener.js'
import { listenToOperations } from '../listeners/operation-listener.js'

/** What writes the telemetry of one instrumentation. */
export interface TelemetryWriters {
  readonly writing: SpanWriting
  readonly metrics: MetricWriter
  readonly logs: LogWriter
  readonly marks: MarkedSpans
}

/** The table of listeners: which message of Querylens becomes which telemetry. */
export function createTelemetryListeners({
  writing,
  metrics,
  logs,
  marks,
}: TelemetryWriters): readonly Listener[] {
  const requests = createRequests()
  const scopes = createScopeSpans(writing, requests)
  const transactionSpans = createTransactionSpans(writing, scopes)
  const transactions = listenToOperations(channels.transaction, {
    start: (transaction) => transactionSpans.start(transaction),
    end(transaction, state) {
      if (state !== undefined) transactionSpans.end(transaction, state.span, errorOf(transaction))
    },
  })
  const querySpans = createQuerySpans(writing, { transactionOf: transactions.stateOf, scopes, requests })
  const queries = listenToOperations(channels.query, {
    start: (execution) => querySpans.start(execution),
    end(execution, query) {
      const error = errorOf(execution)
      if (query !== undefined) querySpans.end(execution, query, error)
      metrics.operation(execution, error)
    },
  })
  const acquisitions = listenToOperations(channels.connection, {
    start: (use) => metrics.acquisitionStarted(use),
    end(use) {
      const error = errorOf(use)
      metrics.acquisitionEnded(use, error)
      if (error === undefined) return
      writeFailedAcquisition(writing, use, { error, active: scopes.contextIn(use.scope, context.active()) })
    },
  })
  const findings = createFindingWriter({ writing, logs }, marks, { queries, transactions, scopes })
  // A subscription to findings switches detection on.
  const ifExported = { when: () => writing.options.exportFindings }
  return [
    // It starts after `scopeHttpRequests`, which makes the scope of a request.
    createListener(() => requests.start(), { when: () => writing.options.httpScopes }),
    transactions,
    queries,
    acquisitions,
    // It stays open: a release counts only for a connection whose acquisition was counted.
    listenTo(channels.release, (use) => metrics.released(use), { outlivesClose: true }),
    listenTo(channels.findingOpened, (finding) => findings.open(finding), ifExported),
    listenTo(
      channels.finding,
      (finding) => {
        findings.close(finding)
        metrics.finding(finding)
      },
      ifExported,
    ),
    listenTo(channels.scopeStart, (opening) => scopes.start(opening)),
    listenTo(channels.scope, (summary) => {
      scopes.end(summary)
      metrics.scope(summary.scope)
    }),
    createListener(() => {
      marks.open()
      const unshare = shareOpenSpans({
        release: () => marks.release(),
        end() {
          marks.release()
          scopes.endAll()
        },
      })
      return () => {
        unshare()
        // Their scopes end unheard.
        marks.close()
        scopes.endAll()
      }
    }),
  ]
}

function errorOf(
  message: TracedOperation & { readonly database: { readonly system: string } },
): ErrorDescription | undefined {
  return message.failed ? describeError(message.database.system, message.error) : undefined
}
