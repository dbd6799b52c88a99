import { reportFault, toEpochMillis } from '@querylens/core/recorder'

import type { SpanExporter } from './span-exporter.js'

/** The part of a batch span processor that matters here. */
export interface BatchProcessor {
  readonly queueSize: number
  readonly exportTimeoutMillis: number
  /** How many spans are in its queue. */
  readonly queued: number
  /** The one that it uses from now on. */
  exporter: SpanExporter
  /** Calls back, on the way of the span's end, for each one that the full queue has no room for. */
  onDrop(callback: () => void): void
}

/**
 * `BatchSpanProcessorBase`, with the names that the SDK keeps to itself. They have been the same from
 * `@opentelemetry/sdk-trace-base` 2.0.0 to `@opentelemetry/sdk-trace` 3.1.1.
 */
interface BatchProcessorInternals {
  _exporter: SpanExporter
  readonly _maxQueueSize: number
  readonly _exportTimeoutMillis: number
  /** Counts up with each span that is dropped, and goes back to 0 with the next one that is not. */
  readonly _droppedSpansCount: number
  readonly _finishedSpans?: readonly unknown[]
  onEnd(span: never): void
}

/** `TracerProvider`; the names are as old. */
interface ProviderInternals {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: unknown[] }
  readonly _resource?: { waitForAsyncAttributes?(): Promise<void> }
}

/** `SpanImpl`; the names are as old. */
interface SpanInternals {
  startTime: [seconds: number, nanoseconds: number]
  readonly _startTimeProvided: boolean
  /** By `performance.now()`. The end, and times of events that are not given, are counted from here. */
  readonly _performanceStartTime: number
  /** Between the span's own clock and `performance.timeOrigin` + `performance.now()`. */
  _performanceOffset: number
}

/** `NodeSDK`; the name is the same from 0.200.0 to 0.301.0. */
interface SdkInternals {
  _resourceDetectors?: ResourceDetector[]
}

interface ResourceDetector {
  detect(config?: unknown): { readonly attributes?: Readonly<Record<string, unknown>> }
}

/** How long a resource may take that is not detected at once. */
const RESOURCE_DEADLINE_MILLIS = 5_000

/**
 * The batch processors behind a tracer provider; none where it is not built as known here.
 *
 * This file has all that we know of the SDK's private names. We need them, because `NodeSDK` makes processors and
 * exporters itself from `OTEL_*` variables: to hand it decorated ones, one would have to read all of those variables
 * as it does, and to depend on each of its exporters. Nor does any public interface tell of a span that the queue
 * had no room for. To mirror the queue's length from outside would not do: before the resource is detected,
 * spans have left the queue and not yet come to the exporter.
 *
 * The other processor that `NodeSDK` makes, for the console, has no queue and cannot lose anything.
 */
export function batchProcessorsOf(provider: unknown): BatchProcessor[] {
  try {
    const { _activeSpanProcessor } = provider as ProviderInternals
    return (_activeSpanProcessor?._spanProcessors ?? []).filter(isBatchProcessor).map(open)
  } catch {
    return []
  }
}

/**
 * Settles when the resource has been detected: until then, a batch that has left the queue waits for it, and neither
 * a flush nor a shutdown of the SDK waits for such a batch. Never rejects.
 */
export async function resourceDetected(provider: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((giveUp) => (timer = setTimeout(giveUp, RESOURCE_DEADLINE_MILLIS)))
  try {
    const resource = (provider as ProviderInternals | undefined)?._resource
    await Promise.race([resource?.waitForAsyncAttributes?.(), deadline])
  } catch {
    // Then the SDK drops the batch, too.
  }
  clearTimeout(timer)
  // The processor goes on some promises later.
  await new Promise<void>((resolve) => setImmediate(resolve))
}

/** Puts a processor in front of the others, where the provider is built as known here. */
export function addFirstProcessor(provider: unknown, processor: unknown): void {
  const processors = (provider as ProviderInternals | undefined)?._activeSpanProcessor?._spanProcessors
  if (Array.isArray(processors)) processors.unshift(processor)
}

/**
 * Keeps an attribute out of the resource that an SDK which has not started yet will detect, unless it is a string: then
 * it comes from `OTEL_RESOURCE_ATTRIBUTES`.
 *
 * @returns whether the SDK is built as known here
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

/**
 * Moves the start of a span, for which the SDK has taken the last whole millisecond, to where it was. One that is
 * not built as known here, or whose time was given, stays as it is. Never throws.
 */
export function startExactly(span: object): void {
  try {
    const internals = span as SpanInternals
    const { startTime, _startTimeProvided, _performanceStartTime, _performanceOffset } = internals
    if (_startTimeProvided !== false || !Array.isArray(startTime)) return
    if (typeof _performanceStartTime !== 'number' || typeof _performanceOffset !== 'number') return
    const millis = toEpochMillis(_performanceStartTime)
    const seconds = Math.floor(millis / 1_000)
    internals.startTime = [seconds, Math.round((millis - seconds * 1_000) * 1e6)]
    internals._performanceOffset = millis - (performance.timeOrigin + _performanceStartTime)
  } catch (fault) {
    reportFault('timing a span', fault)
  }
}

function isBatchProcessor(processor: unknown): processor is BatchProcessorInternals {
  const { _exporter, _maxQueueSize, _exportTimeoutMillis, _droppedSpansCount, onEnd } =
    processor as Partial<BatchProcessorInternals>
  return (
    typeof _exporter?.export === 'function' &&
    [_maxQueueSize, _exportTimeoutMillis, _droppedSpansCount].every((value) => typeof value === 'number') &&
    typeof onEnd === 'function'
  )
}

function open(processor: BatchProcessorInternals): BatchProcessor {
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
