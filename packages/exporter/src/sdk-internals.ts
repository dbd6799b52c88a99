/**
 * All private names of OpenTelemetry's SDK and API that Querylens knows. They have been the same from
 * `@opentelemetry/sdk-trace-base` 2.0.0 to `@opentelemetry/sdk-trace` 3.1.1, and from `@opentelemetry/sdk-node` 0.200.0 to
 * 0.301.0. A test runs against both lines.
 *
 * `startTelemetry` needs most of them, because `NodeSDK` makes processors and exporters itself from `OTEL_*` variables. To
 * pass decorated ones, Querylens would have to read all of these variables, and to depend on each exporter. No public
 * interface shows a span that the queue had no room for. Counting from outside fails, too: until the resource is
 * detected, spans have left the queue and have not reached the exporter.
 *
 * Each function returns nothing, or does nothing, where the SDK is built otherwise.
 *
 * @packageDocumentation
 */
import { createContextKey, type Context, type Span } from '@opentelemetry/api'
import { toEpochMillis } from '@querylens/core/internal'

/** `TracerProvider` */
interface ProviderInternals {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: unknown[] }
  readonly _resource?: { waitForAsyncAttributes?(): Promise<void> }
}

/** `BatchSpanProcessorBase` */
interface BatchProcessorInternals<Exporter extends object> {
  _exporter: Exporter
  readonly _maxQueueSize: number
  readonly _exportTimeoutMillis: number
  /** Counts each span that the processor drops, and returns to 0 with the next span that it takes. */
  readonly _droppedSpansCount: number
  readonly _finishedSpans?: readonly unknown[]
  onEnd(span: never): void
}

/** `SpanImpl` */
interface SpanInternals {
  startTime: [seconds: number, nanoseconds: number]
  readonly _startTimeProvided: boolean
  /** By `performance.now()`. The SDK counts the end, and times of events without one, from here. */
  readonly _performanceStartTime: number
  /** Between the span's own clock and `performance.timeOrigin` + `performance.now()`. */
  _performanceOffset: number
}

/** `SpanImpl`, whose processor is a `MultiSpanProcessor` */
interface ProcessedSpan {
  readonly _spanProcessor?: { readonly onEnding?: unknown }
}

/** `NodeSDK` */
interface SdkInternals {
  _resourceDetectors?: ResourceDetector[]
}

interface ResourceDetector {
  detect(config?: unknown): { readonly attributes?: Readonly<Record<string, unknown>> }
}

/** `InstrumentationBase` */
interface InstrumentationInternals {
  readonly _modules?: readonly { readonly name?: unknown }[]
  /** Of `require-in-the-middle` and `import-in-the-middle`. */
  readonly _hooks?: readonly object[]
}

/** `OTLPExporterBase` of `@opentelemetry/otlp-exporter-base` */
interface ExporterInternals {
  readonly _delegate?: { _serializer?: Serializer; readonly _transport?: Transport }
}

interface Serializer {
  serializeRequest(spans: unknown): Uint8Array | undefined
  deserializeResponse(data: Uint8Array): unknown
}

interface Transport {
  /** A transport that retries has the one that sends. */
  readonly _transport?: Transport
  /** A URL for HTTP, host and port for gRPC. */
  readonly _parameters?: { readonly url?: unknown; readonly address?: unknown }
}

/**
 * The part of a batch span processor that Querylens uses.
 *
 * @typeParam Exporter the SDK's `SpanExporter`. Only `sdk/` imports the types of an SDK
 */
export interface BatchProcessor<Exporter extends object> {
  readonly queueSize: number
  readonly exportTimeoutMillis: number
  /** Number of spans in its queue. */
  readonly queued: number
  /** The exporter that it uses from now on. */
  exporter: Exporter
  /** Calls back, within the end of a span, for each span that the full queue has no room for. */
  onDrop(callback: () => void): void
}

/** The batch processors of a tracer provider. The console's processor has no queue and loses nothing. */
export function batchProcessorsOf<Exporter extends object>(provider: unknown): BatchProcessor<Exporter>[] {
  try {
    const { _activeSpanProcessor } = provider as ProviderInternals
    return (_activeSpanProcessor?._spanProcessors ?? []).filter(isBatchProcessor<Exporter>).map(open)
  } catch {
    return []
  }
}

/**
 * Puts a processor in front of the others.
 *
 * @returns whether it could
 */
export function addFirstProcessor(provider: unknown, processor: unknown): boolean {
  const processors = (provider as ProviderInternals | undefined)?._activeSpanProcessor?._spanProcessors
  if (!Array.isArray(processors)) return false
  processors.unshift(processor)
  return true
}

/** Settles when the SDK has detected the resource of a provider. Rejects where the detection fails. */
export async function resourceDetection(provider: unknown): Promise<void> {
  await (provider as ProviderInternals | undefined)?._resource?.waitForAsyncAttributes?.()
}

/**
 * Keeps an attribute out of the resource that an SDK detects when it starts. A string stays: it comes from
 * `OTEL_RESOURCE_ATTRIBUTES`.
 *
 * @returns whether it could
 */
export function withholdResourceAttribute(sdk: object, name: string): boolean {
  const internals = sdk as SdkInternals
  const detectors = internals._resourceDetectors
  if (!Array.isArray(detectors)) return false
  internals._resourceDetectors = detectors.map((detector) => ({
    detect(config) {
      const detected = detector.detect(config)
      const { [name]: withheld, ...attributes } = detected.attributes ?? {}
      return typeof withheld === 'string' ? detected : { ...detected, attributes }
    },
  }))
  return true
}

/** Whether the SDK calls `onEnding` of span processors right before this span ends, as it does since 2.3. */
export function announcesEnding(span: object): boolean {
  return typeof (span as ProcessedSpan)._spanProcessor?.onEnding === 'function'
}

/** The names of the modules that an instrumentation patches. `getModuleDefinitions()` would make new definitions. */
export function patchedModulesOf(instrumentation: unknown): string[] {
  const { _modules: modules } = instrumentation as InstrumentationInternals
  if (!Array.isArray(modules)) return []
  return modules
    .map((module: { readonly name?: unknown }) => module.name)
    .filter((name) => typeof name === 'string')
}

/** The classes of the hooks by which an instrumentation sees modules; each copy of a package has its own. */
export function hookClassesOf(instrumentation: unknown): unknown[] {
  const { _hooks: hooks } = instrumentation as InstrumentationInternals
  return Array.isArray(hooks) ? hooks.map((hook: object) => hook.constructor) : []
}

/**
 * Moves the start of a span from the last whole millisecond, which the SDK takes, to the exact time. A start time that
 * an instrumentation sets stays.
 *
 * @throws TypeError for a span that cannot be changed
 */
export function startExactly(span: object): void {
  const internals = span as SpanInternals
  const { startTime, _startTimeProvided, _performanceStartTime, _performanceOffset } = internals
  if (_startTimeProvided !== false || !Array.isArray(startTime)) return
  if (typeof _performanceStartTime !== 'number' || typeof _performanceOffset !== 'number') return
  const millis = toEpochMillis(_performanceStartTime)
  const seconds = Math.floor(millis / 1_000)
  internals.startTime = [seconds, Math.round((millis - seconds * 1_000) * 1e6)]
  internals._performanceOffset = millis - (performance.timeOrigin + _performanceStartTime)
}

/**
 * Where an OTLP exporter sends spans: a URL over HTTP, host and port over gRPC. It may hold credentials.
 *
 * @returns `undefined` for other exporters
 */
export function targetOf(exporter: object): string | undefined {
  try {
    let transport = (exporter as ExporterInternals)._delegate?._transport
    while (transport?._transport !== undefined) transport = transport._transport
    const target = transport?._parameters?.url ?? transport?._parameters?.address
    return target === undefined ? undefined : String(target)
  } catch {
    return undefined
  }
}

/**
 * Calls `listener` with each answer to an OTLP exporter, and with what the SDK reads in it, right before the exporter
 * calls back. The SDK writes what it reads there to its own log only, if at all. Does nothing for other exporters.
 */
export function onAnswer(
  exporter: object,
  listener: (data: Uint8Array, read: () => unknown) => unknown,
): void {
  try {
    const { _delegate: delegate } = exporter as ExporterInternals
    const serializer = delegate?._serializer
    if (delegate === undefined || typeof serializer?.deserializeResponse !== 'function') return
    // A new object, because all exporters share one serializer.
    delegate._serializer = {
      serializeRequest: (spans) => serializer.serializeRequest(spans),
      deserializeResponse: (data) => listener(data, () => serializer.deserializeResponse(data)),
    }
  } catch {
    // The exporter is frozen, or built otherwise.
  }
}

const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

/** `RPCMetadata` of `@opentelemetry/core` */
export interface RpcMetadata {
  readonly type?: unknown
  readonly span?: Span
  /** Instrumentations of frameworks set it, and that of `node:http` names its span by it. */
  route?: unknown
}

/**
 * What the instrumentation of the HTTP server keeps of the request in this context. Keys of a context are the same for all
 * copies of the API.
 */
export function rpcMetadataIn(at: Context): RpcMetadata | undefined {
  return at.getValue(RPC_METADATA) as RpcMetadata | undefined
}

/** The logger that `diag` has; the API has no function for it. */
export function diagLogger(): unknown {
  const api = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1')) as
    | { readonly diag?: unknown }
    | undefined
  return api?.diag
}

function isBatchProcessor<Exporter extends object>(
  processor: unknown,
): processor is BatchProcessorInternals<Exporter> {
  const { _exporter, _maxQueueSize, _exportTimeoutMillis, _droppedSpansCount, onEnd } = processor as Partial<
    BatchProcessorInternals<{ readonly export?: unknown }>
  >
  return (
    typeof _exporter?.export === 'function' &&
    [_maxQueueSize, _exportTimeoutMillis, _droppedSpansCount].every((value) => typeof value === 'number') &&
    typeof onEnd === 'function'
  )
}

function open<Exporter extends object>(
  processor: BatchProcessorInternals<Exporter>,
): BatchProcessor<Exporter> {
  return {
    queueSize: processor._maxQueueSize,
    exportTimeoutMillis: processor._exportTimeoutMillis,
    get queued() {
      return processor._finishedSpans?.length ?? 0
    },
    get exporter() {
      return processor._exporter
    },
    set exporter(exporter) {
      processor._exporter = exporter
    },
    onDrop(callback) {
      const onEnd = processor.onEnd.bind(processor)
      processor.onEnd = (span) => {
        const before = processor._droppedSpansCount
        onEnd(span)
        if (processor._droppedSpansCount > before) callback()
      }
    },
  }
}
