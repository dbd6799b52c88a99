import { diag, metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import { channels, scopeHttpRequests, type Fault } from '@querylens/core'
import { addDormantListener, clock } from '@querylens/core/internal'

import { MarkedSpans } from '../findings/marked-spans.js'
import { createListener, listenTo, type Listener } from '../listeners/listener.js'
import { claimProvider, noteDisabled, noteEnabled, releaseProvider } from './provider-claims.js'
import { createTelemetryListeners } from './telemetry-listeners.js'
import { createLogWriter, type LoggerProviderLike } from '../logs/log-writer.js'
import { createMetricWriter } from '../metrics/metric-writer.js'
import {
  resolveOptions,
  type QuerylensInstrumentationOptions,
  type ResolvedInstrumentationOptions,
} from '../options.js'
import { isSdkRegistered, tracerOf, tracerProviderBehind } from '../providers.js'
import { createExceptionWriter, exceptionSignals } from '../spans/exception-writer.js'
import type { SpanWriting } from '../spans/span-writing.js'
import { PACKAGE_NAME, PACKAGE_VERSION } from '../version.js'
import { warnOfSetup } from '../warn-of-setup.js'

const OWNER = 'QuerylensInstrumentation'

/**
 * Turns the messages of Querylens into OpenTelemetry:
 *
 * - CLIENT spans for statements, INTERNAL spans for transactions and for scopes without a span around them
 * - the conventions' metrics of operations and connections
 * - exceptions of failed statements as span events or log events (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`)
 * - N+1 loops and other findings as attributes and events of their spans
 *
 * It behaves as other instrumentations do: it is enabled when it is made, and `registerInstrumentations` or the SDK gives it
 * its providers; until then it uses the global ones. It patches no module, so the order of imports does not matter.
 *
 * One instrumentation writes to a provider. A second one stays off and warns, with the code `QUERYLENS_TELEMETRY_SETUP`:
 * otherwise every span would be sent twice.
 *
 * With a `NodeSDK` of your own, list `querylensSpanProcessor()` of `@querylens/exporter/sdk` first, before the processor
 * that exports: `spanProcessors` replaces those that the SDK makes itself.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/
 *
 * @example
 * new NodeSDK({
 *   instrumentations: [new QuerylensInstrumentation()],
 *   spanProcessors: [querylensSpanProcessor(), new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
 * }).start()
 */
export class QuerylensInstrumentation {
  readonly instrumentationName: string = PACKAGE_NAME
  readonly instrumentationVersion: string = PACKAGE_VERSION
  readonly #logs = createLogWriter()
  readonly #metrics = createMetricWriter()
  readonly #writing: SpanWriting
  /** Listens as long as the instrumentation is enabled. */
  readonly #whileEnabled: readonly Listener[]
  /** Listens as long as there is an SDK, too. */
  readonly #whileHeard: readonly Listener[]
  #enabled = false
  #tracerProvider: TracerProvider | undefined
  #meterProvider: MeterProvider | undefined
  /** The provider that no other instrumentation writes to. */
  #claimed: object | undefined
  #hasWarned = false

  /** @throws QuerylensError for an unknown option or a value that the option does not take */
  constructor(options?: QuerylensInstrumentationOptions) {
    const marks = new MarkedSpans()
    this.#writing = {
      tracer: tracerOf(trace.getTracerProvider()),
      options: resolveOptions(OWNER, options),
      exceptions: createExceptionWriter(
        exceptionSignals(process.env['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']),
        this.#logs,
        () => this.#writing.options.errorMessages,
      ),
      endSpan: (span, endTimeMillis) => marks.end(span, endTimeMillis),
    }
    this.#whileEnabled = [
      createListener(scopeHttpRequests, { when: () => this.#writing.options.httpScopes }),
      listenTo(channels.fault, logFault),
      createListener(() => addDormantListener(() => this.#wake()), { when: () => !this.#isHeard() }),
    ]
    this.#whileHeard = createTelemetryListeners({
      writing: this.#writing,
      metrics: this.#metrics,
      logs: this.#logs,
      marks,
    })
    if (this.#writing.options.enabled) this.enable()
  }

  /** Starts to listen or, as long as no SDK is registered, to wait for one. */
  enable(): void {
    this.#enabled = true
    noteEnabled(this)
    this.#listen()
  }

  /** Starts nothing new. Querylens still writes the operations that are under way. */
  disable(): void {
    if (!this.#enabled) return
    this.#enabled = false
    for (const listener of [...this.#whileHeard, ...this.#whileEnabled]) listener.close()
    noteDisabled(this)
    this.#release()
    this.#metrics.stop()
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#writing.tracer = tracerOf(provider)
    if (provider !== trace.getTracerProvider()) this.#tracerProvider = provider
    this.#listen()
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#metrics.setMeterProvider(provider)
    if (provider !== metrics.getMeterProvider()) this.#meterProvider = provider
    this.#listen()
  }

  /** Takes a logger provider of api 1.10 or, before it, of `@opentelemetry/api-logs`. */
  setLoggerProvider(provider: LoggerProviderLike): void {
    this.#logs.setLoggerProvider(provider)
  }

  /**
   * Replaces all options; does not enable or disable.
   *
   * @throws QuerylensError for an unknown option or a value that the option does not take
   */
  setConfig(options: QuerylensInstrumentationOptions): void {
    this.#writing.options = resolveOptions(OWNER, options)
    this.#listen()
  }

  /** The options in force; `enabled` is whether the instrumentation is enabled now. */
  getConfig(): ResolvedInstrumentationOptions {
    return { ...this.#writing.options, enabled: this.#enabled }
  }

  /** Brings what listens in line with the options and the providers. */
  #listen(): void {
    if (!this.#enabled) return
    for (const listener of this.#whileEnabled) listener.open()
    if (!this.#isHeard()) return
    const isAlone = this.#claim()
    for (const listener of this.#whileHeard) {
      if (isAlone) listener.open()
      else listener.close()
    }
    // An SDK registers its providers one after the other, and another one may be set right after this.
    clock.nextTick(() => this.#checkClaim())
  }

  /** @returns whether no other instrumentation writes to the same provider */
  #claim(): boolean {
    const provider = this.#provider()
    if (provider !== this.#claimed) this.#release()
    if (claimProvider(provider, this)) this.#claimed = provider
    return this.#claimed !== undefined
  }

  #checkClaim(): void {
    if (!this.#enabled) return
    if (this.#claimed !== undefined) {
      if (this.#claimed !== this.#provider()) this.#listen()
      return
    }
    if (this.#hasWarned) return
    this.#hasWarned = true
    warnOfSetup(
      'a second QuerylensInstrumentation was set up for the same SDK. One of them stays off, and its options are ignored: ' +
        'otherwise every span would be sent twice. Make one. startTelemetry() makes one itself: pass its options as ' +
        'startTelemetry({ querylens: { … } }). Without startTelemetry(), add one to the NodeSDK or to registerInstrumentations().',
    )
  }

  #release(): void {
    if (this.#claimed !== undefined) releaseProvider(this.#claimed, this)
    this.#claimed = undefined
  }

  /** What tells SDKs apart. */
  #provider(): object {
    const tracerProvider = this.#tracerProvider ?? trace.getTracerProvider()
    return tracerProviderBehind(tracerProvider) ?? this.#meterProvider ?? metrics.getMeterProvider()
  }

  /** Runs before each use of a connection while there is no SDK. */
  #wake(): void {
    if (this.#isHeard()) this.#listen()
  }

  #isHeard(): boolean {
    return this.#tracerProvider !== undefined || this.#meterProvider !== undefined || isSdkRegistered()
  }
}

function logFault({ origin, error, count }: Fault): void {
  diag.error(`${PACKAGE_NAME}: ${count} fault(s) in ${origin}; the application is not affected.`, error)
}
