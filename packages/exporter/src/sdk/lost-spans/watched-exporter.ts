import { clock, reportFault } from '@querylens/core/internal'

import {
  EXPORT_FAILED,
  EXPORT_SUCCEEDED,
  type ExportResult,
  type ReadableSpans,
  type SpanExporter,
} from './span-exporter.js'
import { exportBatch, type BatchOutcome, type BatchTarget } from './export-batch.js'
import { addressOf } from './exporter-address.js'
import { describeLoss } from './loss-reason.js'
import { objectionsOf } from './objections.js'
import { OutageReporter } from './outage-reporter.js'

/** Counts of spans until now. Both only grow. */
export interface SpanCounts {
  /** Spans that the backend has taken, as the exporter reports it. */
  readonly delivered: number
  /** Spans that the backend refused or did not answer in time, and spans that the full queue dropped. */
  readonly lost: number
}

/** A batch that the backend has not answered. */
interface Underway {
  readonly timer: NodeJS.Timeout
  readonly count: number
  expire(error: Error): void
  /** Settles when the batch is counted and the SDK has its result. Never rejects. */
  readonly settled: Promise<void>
}

/** An exporter in front of another one. It counts spans, reports outages, and sends a batch that is too large in parts. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #target: BatchTarget
  readonly #timeoutMillis: number
  readonly #reporter: OutageReporter
  readonly #underway = new Set<Underway>()
  #delivered = 0
  #lost = 0

  constructor(exporter: SpanExporter, timeoutMillis: number) {
    this.#exporter = exporter
    this.#target = { exporter, takeObjection: objectionsOf(exporter) }
    this.#reporter = new OutageReporter(addressOf(exporter))
    this.#timeoutMillis = timeoutMillis
  }

  get spans(): SpanCounts {
    return { delivered: this.#delivered, lost: this.#lost }
  }

  /** Number of spans in unanswered batches. */
  get underway(): number {
    return Array.from(this.#underway).reduce((sum, { count }) => sum + count, 0)
  }

  export(spans: ReadableSpans, resultCallback: (result: ExportResult) => void): void {
    let expire = (_error: Error): void => {}
    const expiry = new Promise<Error>((resolve) => (expire = resolve))
    const timer = clock
      .setTimeout(() => expire(new Error(`no answer within ${this.#timeoutMillis} ms`)), this.#timeoutMillis)
      .unref()
    const settled = exportBatch(this.#target, spans, expiry)
      .catch((error: unknown): BatchOutcome => ({ delivered: 0, lost: spans.length, error }))
      .then((outcome) => {
        clock.clearTimeout(timer)
        this.#underway.delete(batch)
        this.#record(outcome)
        resultCallback(resultOf(outcome))
      })
      .catch((fault: unknown) => reportFault('the result of an export', fault))
    const batch: Underway = { timer, count: spans.length, expire, settled }
    this.#underway.add(batch)
  }

  /** Counts a span that the full queue dropped. */
  drop(reason: string): void {
    this.#lost++
    this.#reporter.record({ delivered: 0, lost: 1, reason })
  }

  /** Settles when every batch is answered. Never rejects. */
  async settle(): Promise<void> {
    // While a caller waits, the process must last until each batch has had its time.
    for (const { timer } of this.#underway) timer.ref()
    await Promise.all(Array.from(this.#underway, ({ settled }) => settled))
  }

  /** Leaves further losses to the last report. */
  hold(): void {
    this.#reporter.hold()
  }

  /** Gives up unanswered batches and reports them as lost. Never rejects. */
  async abandon(): Promise<void> {
    for (const { expire } of this.#underway) {
      expire(new Error('the process ended before the backend answered'))
    }
    await this.close()
  }

  /** Waits for unanswered batches and reports what is lost. Never rejects. */
  async close(): Promise<void> {
    await this.settle()
    this.#reporter.close()
  }

  async forceFlush(): Promise<void> {
    await this.settle()
    await this.#exporter.forceFlush?.()
  }

  async shutdown(): Promise<void> {
    this.hold()
    await this.close()
    await this.#exporter.shutdown()
  }

  #record({ delivered, lost, error }: BatchOutcome): void {
    this.#delivered += delivered
    this.#lost += lost
    this.#reporter.record({ delivered, lost, reason: lost > 0 ? describeLoss(error) : undefined })
  }
}

function resultOf({ lost, error }: BatchOutcome): ExportResult {
  if (lost === 0) return { code: EXPORT_SUCCEEDED }
  return error instanceof Error ? { code: EXPORT_FAILED, error } : { code: EXPORT_FAILED }
}
