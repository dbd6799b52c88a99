import { diag } from '@opentelemetry/api'

import { batchProcessorsOf, resourceDetected, type BatchProcessor } from './sdk-internals.js'
import { WatchedExporter, type SpanCounts } from './watched-exporter.js'

/** What becomes of the spans of all exporters. */
export interface SpanWatch {
  /** Until now, of all exporters together: where there are two, each span counts twice. */
  readonly spans: SpanCounts
  /** How many are in the queues or on their way. */
  readonly pending: number
  /** Settles when nothing is on its way. Never rejects. */
  settle(): Promise<void>
  /** The same after what stops the SDK, which must not reject, and has the last word. Never rejects. */
  close(stop: () => Promise<void>): Promise<void>
  /** Gives up what `close` waits for, and has the last word. Never rejects. */
  abandon(): Promise<void>
}

/** Watches the exporters behind a tracer provider, in place; those that it does not find, it leaves alone. */
export function watchSpans(provider: unknown): SpanWatch {
  const exporters: WatchedExporter[] = []
  const processors: BatchProcessor[] = []
  for (const processor of batchProcessorsOf(provider)) {
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

function watchProcessor(processor: BatchProcessor): WatchedExporter {
  const exporter = new WatchedExporter(processor.exporter, processor.exportTimeoutMillis)
  const full = `the backend takes none or too few, and the queue of ${processor.queueSize} is full (OTEL_BSP_MAX_QUEUE_SIZE)`
  processor.exporter = exporter
  processor.onDrop(() => exporter.drop(full))
  return exporter
}

/** Who waited for the end may exit then, and warnings come out a tick after they were made. */
async function warningsAreOut(): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve))
}
