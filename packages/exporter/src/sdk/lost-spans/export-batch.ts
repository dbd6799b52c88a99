import {
  EXPORT_FAILED,
  EXPORT_SUCCEEDED,
  type ExportResult,
  type ReadableSpans,
  type SpanExporter,
} from './span-exporter.js'
import type { Objection } from './objections.js'
import { isOversized } from './oversize.js'

/** The result of a batch. */
export interface BatchOutcome {
  readonly delivered: number
  readonly lost: number
  /** The last failure; `undefined` where nothing was lost. */
  readonly error: unknown
}

/** An exporter, and the objection to the batch whose result it is calling back with. */
export interface BatchTarget {
  readonly exporter: SpanExporter
  takeObjection(): Objection | undefined
}

/** After so many refused batches of one span, and none taken, size is not the reason. */
const MAX_REFUSED_ALONE = 16

/**
 * Exports a batch. If the backend refuses it for its size, exports its halves one after the other, so that only the span
 * that is too large is lost. A batch of n spans with one that is too large takes at most 2 log2(n) + 1 requests.
 *
 * @param expiry settles when nothing waits any longer; spans that the backend has not answered by then are lost
 */
export async function exportBatch(
  target: BatchTarget,
  spans: ReadableSpans,
  expiry: Promise<Error>,
): Promise<BatchOutcome> {
  const parts = [spans]
  let delivered = 0
  let refusedAlone = 0
  let error: unknown
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const result = await Promise.race([exportPart(target, part), expiry])
    if (result instanceof Error) {
      error = result
      break
    }
    if (result.code === EXPORT_SUCCEEDED) {
      const { objection } = result
      delivered += part.length - Math.min(objection?.rejected ?? 0, part.length)
      error = objection?.error ?? error
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

/** Never rejects: an exporter that throws has failed. */
function exportPart(
  { exporter, takeObjection }: BatchTarget,
  spans: ReadableSpans,
): Promise<ExportResult & { readonly objection?: Objection | undefined }> {
  return new Promise((resolve) => {
    try {
      exporter.export(spans, (result) => resolve({ ...result, objection: takeObjection() }))
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      resolve({ code: EXPORT_FAILED, error })
    }
  })
}
