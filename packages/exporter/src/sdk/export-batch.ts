import { isOversized } from './oversize.js'
import {
  EXPORT_FAILED,
  EXPORT_SUCCEEDED,
  type ExportResult,
  type ReadableSpans,
  type SpanExporter,
} from './span-exporter.js'

/** What became of the spans of a batch. */
export interface BatchOutcome {
  readonly delivered: number
  readonly lost: number
  /** The last failure; undefined where nothing was lost. */
  readonly error: unknown
}

/** So many spans, each refused on its own with none taken, say that size is not what is wrong. */
const MAX_REFUSED_ALONE = 16

/**
 * Exports a batch, and where it is refused for its size, its halves one after the other: what is too large is lost
 * alone. A batch of n spans with one that is too large takes at most 2 log2(n) + 1 requests.
 *
 * @param expiry settles when nobody waits any longer; what has not been answered by then is lost
 */
export async function exportBatch(
  exporter: SpanExporter,
  spans: ReadableSpans,
  expiry: Promise<Error>,
): Promise<BatchOutcome> {
  const parts = [spans]
  let delivered = 0
  let refusedAlone = 0
  let error: unknown
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const result = await Promise.race([exportPart(exporter, part), expiry])
    if (result instanceof Error) {
      error = result
      break
    }
    if (result.code === EXPORT_SUCCEEDED) {
      delivered += part.length
      continue
    }
    error = result.error
    if (part.length > 1 && isOversized(error) && (delivered > 0 || refusedAlone < MAX_REFUSED_ALONE)) {
      const middle = Math.ceil(part.length / 2)
      parts.push(part.slice(middle), part.slice(0, middle))
    } else if (part.length === 1) {
      refusedAlone++
    }
  }
  const lost = spans.length - delivered
  return { delivered, lost, error: lost > 0 ? error : undefined }
}

/** Never rejects: an exporter that throws has failed, like one that says so. */
function exportPart(exporter: SpanExporter, spans: ReadableSpans): Promise<ExportResult> {
  return new Promise((resolve) => {
    try {
      exporter.export(spans, resolve)
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      resolve({ code: EXPORT_FAILED, error })
    }
  })
}
