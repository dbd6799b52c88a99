import { reportFault } from '@querylens/core/recorder'

import { exportBatch, type BatchOutcome, type BatchTarget } from './export-batch.js'
import { addressOf, objectionsOf } from './exporter-internals.js'
import { describeLoss } from './loss-reason.js'
import { OutageReporter } from './outage-reporter.js'
import {
  EXPORT_FAILED,
  EXPORT_SUCCEEDED,
  type ExportResult,
  type ReadableSpans,
  type SpanExporter,
} from './span-exporter.js'

/** What became of the spans so far. Both only grow. */
export interface SpanCounts {
  /** Those that the exporter says the backend has taken. */
  readonly delivered: number
  /** Those that it has not: refused, not answered in time, or dropped because the queue was full. */
  readonly lost: number
}

/** A batch on its way. */
interface Underway {
  readonly timer: NodeJS.Timeout
  readonly count: number
  expire(error: Error): void
  /** Settles when it has been counted and its sender told. Never rejects. */
  readonly settled: Promise<void>
}

/** Stands before an exporter; counts what becomes of spans, tells of outages, and saves what is not too large. */
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

  /** How many spans are on their way. */
  get underway(): number {
    return Array.from(this.#underway).reduce((sum, { count }) => sum + count, 0)
  }

  export(spans: ReadableSpans, resultCallback: (result: ExportResult) => void): void {
    let expire = (_error: Error): void => {}
    const expiry = new Promise<Error>((resolve) => (expire = resolve))
    const timer = setTimeout(
      () => expire(new Error(`no answer within ${this.#timeoutMillis} ms`)),
      this.#timeoutMillis,
    ).unref()
    const settled = exportBatch(this.#target, spans, expiry)
      .catch((error: unknown): BatchOutcome => ({ delivered: 0, lost: spans.length, error }))
      .then((outcome) => {
        clearTimeout(timer)
        this.#underway.delete(batch)
        this.#record(outcome)
        resultCallback(resultOf(outcome))
      })
      .catch((fault: unknown) => reportFault('telling the SDK of an export', fault))
    const batch: Underway = { timer, count: spans.length, expire, settled }
    this.#underway.add(batch)
  }

  /** A span that never came here, because there was no room in the queue. */
  drop(reason: string): void {
    this.#lost++
    this.#reporter.record({ delivered: 0, lost: 1, reason })
  }

  /** Settles when nothing is on its way. Never rejects. */
  async settle(): Promise<void> {
    // While somebody waits, the process must last until each batch has had its time.
    for (const { timer } of this.#underway) timer.ref()
    await Promise.all(Array.from(this.#underway, ({ settled }) => settled))
  }

  /** What is lost from now on is told of by the last word alone. */
  hold(): void {
    this.#reporter.hold()
  }

  /** Gives up what is on its way, and has the last word. Never rejects. */
  async abandon(): Promise<void> {
    for (const { expire } of this.#underway) {
      expire(new Error('the backend had not taken them when the process ended'))
    }
    await this.close()
  }

  /** Waits for what is on its way, and has the last word. Never rejects. */
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
