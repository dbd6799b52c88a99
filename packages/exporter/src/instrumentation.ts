import {
  createNoopMeter,
  diag,
  metrics,
  trace,
  type MeterProvider,
  type ProxyTracerProvider,
  type TracerProvider,
} from '@opentelemetry/api'
import {
  channels,
  type ConnectionUse,
  type Fault,
  type Finding,
  type QueryExecution,
  type ScopeOpening,
  type ScopeSummary,
  type TransactionExecution,
} from '@querylens/core'
import { addDormantListener } from '@querylens/core/recorder'

import { describeError, type ErrorDescription } from './error-description.js'
import { createExceptionWriter, exceptionSignals } from './exceptions.js'
import { createFindingWriter, type FindingWriter } from './findings.js'
import { createLogWriter, type LoggerProviderLike } from './log-writer.js'
import { createMetricWriter } from './metrics.js'
import {
  resolveOptions,
  type QuerylensInstrumentationOptions,
  type ResolvedInstrumentationOptions,
} from './options.js'
import { createQuerySpans, type QuerySpan, type SpanContext } from './query-spans.js'
import { createScopeSpans, type ScopeSpans } from './scope-spans.js'
import { createSubscription, type Subscription } from './subscription.js'
import { createTransactionSpans, writeFailedAcquisition, type TransactionSpan } from './transaction-spans.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from './version.js'

const OWNER = 'QuerylensInstrumentation'

/**
 * Turns what Querylens sees into OpenTelemetry: CLIENT spans for statements, INTERNAL spans for
 * transactions and for units of work that have none, the conventions' metrics of operations and connections, exceptions of failed
 * statements as span events or log events (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`), and N+1 loops and
 * other findings as attributes and events of the spans that they are in.
 *
 * An instrumentation like any other: enabled when it is made unless told otherwise, and given its providers
 * by `registerInstrumentations` or the SDK; until then the global ones. It patches no module, so the order
 * of imports does not matter.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/
 *
 * @example
 * new NodeSDK({ instrumentations: [new QuerylensInstrumentation()] }).start()
 */
export class QuerylensInstrumentation {
  readonly instrumentationName: string = PACKAGE_NAME
  readonly instrumentationVersion: string = PACKAGE_VERSION
  readonly #shared: SpanContext
  readonly #logs = createLogWriter()
  readonly #metrics = createMetricWriter()
  readonly #subscriptions: readonly Pick<Subscription<never, never>, 'open' | 'close'>[]
  readonly #findings: FindingWriter
  readonly #scopes: ScopeSpans
  #enabled = false
  #hasOwnProvider = false
  #stopWaiting: () => void = () => {}

  /** @throws QuerylensError for an unknown option or a value that it does not take */
  constructor(options?: QuerylensInstrumentationOptions) {
    this.#shared = {
      tracer: tracerOf(trace.getTracerProvider()),
      options: resolveOptions(OWNER, options),
      exceptions: createExceptionWriter(
        exceptionSignals(process.env['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']),
        this.#logs,
        () => this.#shared.options.errorMessages,
      ),
    }
    const transactions = this.#createTransactions()
    const queries = this.#createQueries(transactions)
    this.#subscriptions = [transactions, queries, this.#createConnections()]
    this.#scopes = createScopeSpans(this.#shared)
    this.#findings = createFindingWriter(this.#shared, this.#logs, {
      queries,
      transactions,
      scopes: this.#scopes,
    })
    if (this.#shared.options.enabled) this.enable()
  }

  /** Starts to listen, or, as long as no SDK is registered, to wait for one. */
  enable(): void {
    if (this.#enabled) return
    this.#enabled = true
    this.#stopWaiting = addDormantListener(() => this.#listenIfHeard())
    this.#listenIfHeard()
    channels.fault.subscribe(this.#onFault)
  }

  /** Starts nothing new; what is under way is written to its end. */
  disable(): void {
    if (!this.#enabled) return
    this.#enabled = false
    this.#stopWaiting()
    for (const subscription of this.#subscriptions) subscription.close()
    channels.finding.unsubscribe(this.#onFinding)
    channels.scopeStart.unsubscribe(this.#onScopeStart)
    channels.scope.unsubscribe(this.#onScope)
    channels.fault.unsubscribe(this.#onFault)
    this.#metrics.stop()
    this.endSpans()
  }

  /**
   * Ends the spans of queries in which something was found, which otherwise wait for the end of their unit of work to
   * have its final figures, with the figures so far. For a flush in the middle of one: what has not ended is not sent.
   * `startTelemetry` does it by itself.
   */
  releaseSpans(): void {
    this.#findings.release()
  }

  /**
   * The same, and ends the spans of the units of work themselves. For a shutdown in the middle of one, without which
   * its queries would have a parent that never arrives. `startTelemetry` does it by itself.
   */
  endSpans(): void {
    this.releaseSpans()
    this.#scopes.endAll()
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#shared.tracer = tracerOf(provider)
    this.#hasOwnProvider ||= provider !== trace.getTracerProvider()
    this.#listenIfHeard()
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#metrics.setMeterProvider(provider)
    this.#hasOwnProvider ||= provider !== metrics.getMeterProvider()
    this.#listenIfHeard()
  }

  /** A logger provider of api 1.10 or, before it, of `@opentelemetry/api-logs`. */
  setLoggerProvider(provider: LoggerProviderLike): void {
    this.#logs.setLoggerProvider(provider)
  }

  /**
   * Replaces all options; does not enable or disable.
   *
   * @throws QuerylensError for an unknown option or a value that it does not take
   */
  setConfig(options: QuerylensInstrumentationOptions): void {
    this.#shared.options = resolveOptions(OWNER, options)
    this.#listenIfHeard()
  }

  /** The options in force; `enabled` says whether it listens now. */
  getConfig(): ResolvedInstrumentationOptions {
    return { ...this.#shared.options, enabled: this.#enabled }
  }

  #listenIfHeard(): void {
    if (!this.#enabled || (!this.#hasOwnProvider && !isSdkRegistered())) return
    this.#stopWaiting()
    for (const subscription of this.#subscriptions) subscription.open()
    channels.finding.unsubscribe(this.#onFinding)
    // Whoever subscribes to findings has them looked for.
    if (this.#shared.options.findings) channels.finding.subscribe(this.#onFinding)
    channels.scopeStart.unsubscribe(this.#onScopeStart)
    channels.scopeStart.subscribe(this.#onScopeStart)
    channels.scope.unsubscribe(this.#onScope)
    channels.scope.subscribe(this.#onScope)
    // Never ended: releases concern only connections whose acquisition was counted.
    channels.release.unsubscribe(this.#onRelease)
    channels.release.subscribe(this.#onRelease)
  }

  #createTransactions(): Subscription<TransactionExecution, TransactionSpan | undefined> {
    const spans = createTransactionSpans(this.#shared)
    return createSubscription(channels.transaction, {
      start: (transaction) => spans.start(transaction),
      end(transaction, state) {
        if (state !== undefined) spans.end(transaction, state.span, errorOf(transaction))
      },
    })
  }

  #createQueries(
    transactions: Subscription<TransactionExecution, TransactionSpan | undefined>,
  ): Subscription<QueryExecution, QuerySpan | undefined> {
    const metricWriter = this.#metrics
    const spans = createQuerySpans(this.#shared, transactions.stateOf)
    return createSubscription(channels.query, {
      start: (execution) => spans.start(execution),
      end(execution, query) {
        const error = errorOf(execution)
        if (query !== undefined) spans.end(execution, query, error)
        metricWriter.operation(execution, error)
      },
    })
  }

  #createConnections(): Subscription<ConnectionUse, void> {
    const shared = this.#shared
    const metricWriter = this.#metrics
    return createSubscription(channels.connection, {
      start: (use) => metricWriter.acquisitionStarted(use),
      end(use) {
        const error = errorOf(use)
        metricWriter.acquisitionEnded(use, error)
        if (error !== undefined) writeFailedAcquisition(shared, use, error)
      },
    })
  }

  readonly #onFinding = (message: unknown): void => {
    const finding = message as Finding
    this.#findings.take(finding)
    if (finding.closed) this.#metrics.finding(finding)
  }

  readonly #onScopeStart = (message: unknown): void => this.#scopes.start(message as ScopeOpening)

  readonly #onScope = (message: unknown): void => {
    const summary = message as ScopeSummary
    this.#scopes.end(summary)
    this.#metrics.scope(summary.scope)
  }

  readonly #onRelease = (use: unknown): void => this.#metrics.released(use as ConnectionUse)

  readonly #onFault = (message: unknown): void => {
    const { origin, error, count } = message as Fault
    diag.error(`${PACKAGE_NAME}: ${count} fault(s) in ${origin}; the application is not affected.`, error)
  }
}

/** Telemetry that would go nowhere is not made: without an SDK, queries are not even events. */
function isSdkRegistered(): boolean {
  const tracerProvider: Partial<ProxyTracerProvider> & TracerProvider = trace.getTracerProvider()
  if (tracerProvider.getDelegateTracer === undefined) return true
  if (tracerProvider.getDelegateTracer(PACKAGE_NAME) !== undefined) return true
  return metrics.getMeterProvider().getMeter(PACKAGE_NAME) !== createNoopMeter()
}

function tracerOf(provider: TracerProvider): SpanContext['tracer'] {
  return provider.getTracer(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
}

function errorOf(
  message: QueryExecution | TransactionExecution | ConnectionUse,
): ErrorDescription | undefined {
  return message.failed ? describeError(message.database.system, message.error) : undefined
}
