import { diag } from '@opentelemetry/api'
import { clock } from '@querylens/core/internal'

import { batchProcessorsOf, type BatchProcessor } from '../../sdk-internals.js'
import { resourceDetected } from './resource-detected.js'
import type { SpanExporter } from './span-exporter.js'
import { WatchedExporter, type SpanCounts } from './watched-exporter.js'

/** What becomes of the spans of all exporters of a tracer provider. */
export interface SpanWatch {
  /** The counts until now, of all exporters together: with two exporters, each span counts twice. */
  readonly spans: SpanCounts
  /** Number of spans in the queues and in unanswered batches. */
  readonly pending: number
  /** Settles when every batch is answered. Never rejects. */
  settle(): Promise<void>
  /** Calls `stop`, which must not reject, waits for every batch and reports what is lost. Never rejects. */
  close(stop: () => Promise<void>): Promise<void>
  /** Gives up the batches that `close` waits for, and reports them as lost. Never rejects. */
  abandon(): Promise<void>
}

/** Watches the exporters of a tracer provider, in place. It leaves those alone that it does not find. */
export function watchSpans(provider: unknown): SpanWatch {
  const exporters: WatchedExporter[] = []
  const processors: BatchProcessor<SpanExporter>[] = []
  for (const processor of batchProcessorsOf<SpanExporter>(provider)) {
    try {
      exporters.push(watchProcessor(processor))
      processors.push(processor)
    } catch (error) {
      diag.warn('Querylens cannot watch a span processor.', error)
    }
  }
  const each = async (act: (exporter: WatchedExporter) => Promise<void>): Promise<void> => {
    await Promise.all(exporters.map(act))
    await warningsAreOut()
  }
  return {
    get spans() {
      const counts = exporters.map(({ spans }) => spans)
      return {
        delivered: counts.reduce((sum, { delivered }) => sum + delivered, 0),
        lost: counts.reduce((sum, { lost }) => sum + lost, 0),
      }
    },
    get pending() {
      const queued = processors.reduce((sum, processor) => sum + processor.queued, 0)
      return exporters.reduce((sum, { underway }) => sum + underway, queued)
    },
    async settle() {
      await resourceDetected(provider)
      await each((exporter) => exporter.settle())
    },
    async close(stop) {
      for (const exporter of exporters) exporter.hold()
      await stop()
      await resourceDetected(provider)
      await each((exporter) => exporter.close())
    },
    abandon: () => each((exporter) => exporter.abandon()),
  }
}

function watchProcessor(processor: BatchProcessor<SpanExporter>): WatchedExporter {
  const exporter = new WatchedExporter(processor.exporter, processor.exportTimeoutMillis)
  const full = `the queue of ${processor.queueSize} spans is full, because the backend takes too few (OTEL_BSP_MAX_QUEUE_SIZE)`
  processor.exporter = exporter
  processor.onDrop(() => exporter.drop(full))
  return exporter
}

/** The caller may exit next, and Node emits a warning a tick after it was made. */
async function warningsAreOut(): Promise<void> {
  await new Promise<void>((resolve) => clock.nextTick(resolve))
}
