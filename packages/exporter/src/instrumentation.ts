import { diag, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import {
  channels,
  type ConnectionUse,
  type ExecutionChannel,
  type ExecutionHandlers,
  type Fault,
  type QueryExecution,
  type TransactionExecution,
} from '@querylens/core'

import { describeError, type ErrorDescription } from './error-description.js'
import { createExceptionWriter, exceptionSignals, type LoggerProviderLike } from './exceptions.js'
import { createMetricWriter } from './metrics.js'
import {
  resolveOptions,
  type QuerylensInstrumentationOptions,
  type ResolvedInstrumentationOptions,
} from './options.js'
import { createQuerySpans, type SpanContext } from './query-spans.js'
import { createTransactionSpans, writeFailedAcquisition } from './transaction-spans.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from './version.js'

const OWNER = 'QuerylensInstrumentation'

/**
 * Turns what Querylens sees into OpenTelemetry: CLIENT spans for statements, INTERNAL spans for
 * transactions, the conventions' metrics of operations and connections, and exceptions of failed
 * statements as span events or log events (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`).
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
  readonly #exceptions = createExceptionWriter(
    exceptionSignals(process.env['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']),
    () => this.#shared.options.errorMessages,
  )
  readonly #metrics = createMetricWriter()
  readonly #subscriptions: Subscription[]
  #enabled = false

  /** @throws QuerylensError for an unknown option or a value that it does not take */
  constructor(options?: QuerylensInstrumentationOptions) {
    this.#shared = {
      tracer: tracerOf(trace.getTracerProvider()),
      options: resolveOptions(OWNER, options),
      exceptions: this.#exceptions,
    }
    this.#subscriptions = this.#subscriptionsOf()
    if (this.#shared.options.enabled) this.enable()
  }

  /** Starts to listen. */
  enable(): void {
    if (this.#enabled) return
    this.#enabled = true
    for (const subscription of this.#subscriptions) subscription.open()
    channels.release.unsubscribe(this.#onRelease)
    channels.release.subscribe(this.#onRelease)
    channels.fault.subscribe(this.#onFault)
  }

  /**
   * Starts nothing new; what is under way is written to its end. Releases stay subscribed: they concern only
   * connections whose acquisition was counted.
   */
  disable(): void {
    if (!this.#enabled) return
    this.#enabled = false
    for (const subscription of this.#subscriptions) subscription.close()
    channels.fault.unsubscribe(this.#onFault)
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#shared.tracer = tracerOf(provider)
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#metrics.setMeterProvider(provider)
  }

  /** A logger provider of api 1.10 or, before it, of `@opentelemetry/api-logs`. */
  setLoggerProvider(provider: LoggerProviderLike): void {
    this.#exceptions.setLoggerProvider(provider)
  }

  /**
   * Replaces all options; does not enable or disable.
   *
   * @throws QuerylensError for an unknown option or a value that it does not take
   */
  setConfig(options: QuerylensInstrumentationOptions): void {
    this.#shared.options = resolveOptions(OWNER, options)
  }

  /** The options in force; `enabled` says whether it listens now. */
  getConfig(): ResolvedInstrumentationOptions {
    return { ...this.#shared.options, enabled: this.#enabled }
  }

  #subscriptionsOf(): Subscription[] {
    const shared = this.#shared
    const metrics = this.#metrics
    const transactionSpans = createTransactionSpans(shared)
    const querySpans = createQuerySpans(shared, transactionSpans)
    return [
      createSubscription<QueryExecution>(channels.query, {
        start: (execution) => querySpans.start(execution),
        asyncEnd(execution) {
          const error = errorOf(execution)
          querySpans.end(execution, error)
          metrics.operation(execution, error)
        },
      }),
      createSubscription<TransactionExecution>(channels.transaction, {
        start: (transaction) => transactionSpans.start(transaction),
        asyncEnd: (transaction) => transactionSpans.end(transaction, errorOf(transaction)),
      }),
      createSubscription<ConnectionUse>(channels.connection, {
        start: (use) => metrics.acquisitionStarted(use),
        asyncEnd(use) {
          const error = errorOf(use)
          metrics.acquisitionEnded(use, error)
          if (error !== undefined) writeFailedAcquisition(shared, use, error)
        },
      }),
    ]
  }

  readonly #onRelease = (use: unknown): void => this.#metrics.released(use as ConnectionUse)

  readonly #onFault = (message: unknown): void => {
    const { origin, error, count } = message as Fault
    diag.error(`${PACKAGE_NAME}: ${count} fault(s) in ${origin}; the application is not affected.`, error)
  }
}

interface Subscription {
  open(): void
  close(): void
}

/**
 * Subscribes to the beginnings and ends of operations. Closing stops the beginnings at once and the ends
 * when nothing is under way any more: a span that was started is always ended.
 */
function createSubscription<Message extends object>(
  channel: ExecutionChannel<Message>,
  handlers: Required<Pick<ExecutionHandlers<Message>, 'start' | 'asyncEnd'>>,
): Subscription {
  const underWay = new Set<Message>()
  let listening = false
  const start = {
    start(message: Message) {
      underWay.add(message)
      handlers.start(message)
    },
  }
  const end = {
    asyncEnd(message: Message) {
      if (!underWay.delete(message)) return
      if (!listening && underWay.size === 0) channel.unsubscribe(end)
      handlers.asyncEnd(message)
    },
  }
  return {
    open() {
      listening = true
      channel.subscribe(start)
      if (underWay.size === 0) channel.subscribe(end)
    },
    close() {
      listening = false
      channel.unsubscribe(start)
      if (underWay.size === 0) channel.unsubscribe(end)
    },
  }
}

function tracerOf(provider: TracerProvider): SpanContext['tracer'] {
  return provider.getTracer(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
}

function errorOf(message: QueryExecution | TransactionExecution | ConnectionUse): ErrorDescription | undefined {
  return message.failed ? describeError(message.database.system, message.error) : undefined
}
