import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { context, createContextKey } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { reportLostSpans, type ReportLostSpansOptions } from '../../../src/sdk/index.js'
import type { ExportResult, ReadableSpans, SpanExporter } from '../../../src/sdk/lost-spans/span-exporter.js'

const emitWarning = vi.spyOn(process, 'emitWarning')
const warnings = (): string[] => emitWarning.mock.calls.map(([text]) => String(text))

beforeEach(() => void emitWarning.mockReset().mockImplementation(() => {}))
afterEach(() => context.disable())

type Callback = (result: ExportResult) => void

/** An exporter that calls `act` with each batch. */
function exporterOf(act: (spans: ReadableSpans, callback: Callback) => void): SpanExporter & {
  readonly requests: number[]
  forceFlush(): Promise<void>
} {
  const requests: number[] = []
  return {
    requests,
    export(spans, callback) {
      requests.push(spans.length)
      act(spans, callback)
    },
    forceFlush: vi.fn(async () => {}),
    shutdown: vi.fn(async () => {}),
  }
}

const OVERSIZED = Object.assign(
  new Error('8 RESOURCE_EXHAUSTED: Received message larger than max (5242880 vs 4194304)'),
  { code: 8 },
)

/** An exporter that answers later, as a network does, and keeps the names of the spans. */
function limitedExporter(isTooLarge: (name: string) => boolean) {
  const taken: string[] = []
  let underway = 0
  let most = 0
  const exporter = exporterOf((spans, callback) => {
    most = Math.max(most, ++underway)
    setImmediate(() => {
      underway--
      const names = spans.map(({ name }) => name)
      if (names.some(isTooLarge)) return callback({ code: 1, error: OVERSIZED })
      taken.push(...names)
      callback({ code: 0 })
    })
  })
  return {
    exporter,
    taken,
    get mostAtOnce() {
      return most
    },
  }
}

/** Spans with a name alone: an exporter reads nothing else here. */
function spansNamed(names: readonly string[]): ReadableSpans {
  return names.map((name) => ({ name }) as ReadableSpans[number])
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index))
const send = (exporter: SpanExporter, count = 3): Promise<ExportResult> =>
  new Promise((resolve) => exporter.export(spansNamed(numbers(count)), resolve))

describe('reportLostSpans', () => {
  it('counts delivered spans without a warning', async () => {
    const exporter = reportLostSpans(exporterOf((_, callback) => callback({ code: 0 })))
    expect(await send(exporter, 3)).toEqual({ code: 0 })
    expect(await send(exporter, 4)).toEqual({ code: 0 })
    await exporter.shutdown()
    expect(exporter.spans).toEqual({ delivered: 7, lost: 0 })
    expect(warnings()).toEqual([])
  })

  it('works in a NodeSDK', async () => {
    const inner = exporterOf((_, callback) => callback({ code: 0 }))
    const sdk = new NodeSDK({
      traceExporter: reportLostSpans(inner),
      metricReaders: [],
      logRecordProcessors: [],
    })
    sdk.start()
    await sdk.shutdown()
    expect(inner.shutdown).toHaveBeenCalledOnce()
  })

  it.each<[string, () => void]>([
    [
      'an error',
      () => {
        throw new Error('broken')
      },
    ],
    [
      'something else',
      () => {
        throw 'broken'
      },
    ],
  ])('counts the spans of an exporter that throws %s as lost', async (_, act) => {
    const exporter = reportLostSpans(exporterOf(act))
    const { code, error } = await send(exporter)
    expect({ code, message: error?.message }).toEqual({ code: 1, message: 'broken' })
    expect(exporter.spans).toEqual({ delivered: 0, lost: 3 })
    expect(warnings()).toEqual([expect.stringContaining('spans are being lost: broken.')])
  })

  it('counts a batch as lost after the timeout, and ignores a late answer', async () => {
    const callbacks: Callback[] = []
    const inner = exporterOf((_, callback) => void callbacks.push(callback))
    const exporter = reportLostSpans(inner, { exportTimeoutMillis: 10 })
    expect(await send(exporter)).toMatchObject({ code: 1, error: { message: 'no answer within 10 ms' } })
    expect(exporter.spans).toEqual({ delivered: 0, lost: 3 })
    callbacks[0]?.({ code: 0 })
    await exporter.forceFlush?.()
    expect(exporter.spans).toEqual({ delivered: 0, lost: 3 })
  })

  it('keeps the process alive while shutdown() waits for an answer', async () => {
    const application = `
      import { reportLostSpans } from '@querylens/exporter/sdk'
      const exporter = reportLostSpans({ export() {}, async shutdown() {} }, { exportTimeoutMillis: 100 })
      exporter.export([{}], () => {})
      await exporter.shutdown()
      console.log(JSON.stringify(exporter.spans))`
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', application],
      { cwd: fileURLToPath(new URL('.', import.meta.url)) },
    )
    expect(JSON.parse(stdout)).toEqual({ delivered: 0, lost: 1 })
    expect(stderr).toContain('1 span was lost')
  })

  it('counts a batch once when the exporter calls back twice', async () => {
    const callback = vi.fn()
    const exporter = reportLostSpans(
      exporterOf((_, answer) => {
        answer({ code: 0 })
        answer({ code: 1 })
        throw new Error('after all')
      }),
    )
    exporter.export(spansNamed(['a']), callback)
    await exporter.forceFlush?.()
    expect(callback.mock.calls).toEqual([[{ code: 0 }]])
    expect(exporter.spans).toEqual({ delivered: 1, lost: 0 })
  })

  it('survives a callback that throws, and an exporter that answers nonsense', async () => {
    const answers = [{ code: 0 }, undefined, {}, { code: 1 }]
    const exporter = reportLostSpans(exporterOf((_, callback) => callback(answers.shift() as ExportResult)))
    for (let batch = 0; batch < 4; batch++) {
      exporter.export(spansNamed(['a']), () => {
        throw new Error('not ours')
      })
    }
    await exporter.forceFlush?.()
    expect(exporter.spans).toEqual({ delivered: 1, lost: 3 })
  })

  it('loses only the span that is too large', async () => {
    const limited = limitedExporter((name) => name === '300')
    const exporter = reportLostSpans(limited.exporter)
    expect(await send(exporter, 512)).toEqual({ code: 1, error: OVERSIZED })
    expect(exporter.spans).toEqual({ delivered: 511, lost: 1 })
    expect(limited.taken).toEqual(numbers(512).filter((name) => name !== '300'))
    expect(limited.exporter.requests).toHaveLength(2 * Math.log2(512) + 1)
    expect(limited.mostAtOnce).toBe(1)
    expect(warnings()).toEqual([
      expect.stringMatching(/1 span was lost at .*larger than max.* Other spans were exported\.$/),
    ])
  })

  it('delivers all spans of a batch that is too large as a whole', async () => {
    const inner = exporterOf((spans, callback) =>
      callback(spans.length > 100 ? { code: 1, error: OVERSIZED } : { code: 0 }),
    )
    const exporter = reportLostSpans(inner)
    expect(await send(exporter, 301)).toEqual({ code: 0 })
    expect(inner.requests).toEqual([301, 151, 76, 75, 150, 75, 75])
    expect(exporter.spans).toEqual({ delivered: 301, lost: 0 })
    expect(warnings()).toEqual([])
  })

  it('stops splitting for a backend that takes no span', async () => {
    const inner = exporterOf((_, callback) => callback({ code: 1, error: OVERSIZED }))
    const exporter = reportLostSpans(inner)
    await send(exporter, 512)
    expect(exporter.spans).toEqual({ delivered: 0, lost: 512 })
    expect(inner.requests.length).toBeLessThan(50)
  })

  it('does not split a batch that is throttled', async () => {
    const error = Object.assign(new Error('8 RESOURCE_EXHAUSTED: quota exceeded'), { code: 8 })
    const inner = exporterOf((_, callback) => callback({ code: 1, error }))
    const exporter = reportLostSpans(inner)
    expect(await send(exporter, 512)).toEqual({ code: 1, error })
    expect(inner.requests).toEqual([512])
    expect(exporter.spans).toEqual({ delivered: 0, lost: 512 })
  })

  it('stops splitting after the timeout', async () => {
    let batches = 0
    const inner = exporterOf((_, callback) => {
      if (++batches === 1) callback({ code: 1, error: OVERSIZED })
    })
    const exporter = reportLostSpans(inner, { exportTimeoutMillis: 10 })
    await send(exporter, 4)
    expect(inner.requests).toEqual([4, 2])
    expect(exporter.spans).toEqual({ delivered: 0, lost: 4 })
  })

  it('sends all parts in the context of the batch', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const key = createContextKey('test')
    const seen: unknown[] = []
    // As over a connection that another context has opened.
    const pending: (() => void)[] = []
    const inner = exporterOf((spans, callback) => {
      seen.push(context.active().getValue(key))
      pending.push(() => callback(spans.length > 1 ? { code: 1, error: OVERSIZED } : { code: 0 }))
    })
    const exporter = reportLostSpans(inner)
    const sent = context.with(context.active().setValue(key, 'suppressed'), () => send(exporter, 2))
    const connection = setInterval(() => pending.shift()?.(), 1)
    await sent
    clearInterval(connection)
    expect(seen).toEqual(['suppressed', 'suppressed', 'suppressed'])
  })

  it('reports an outage twice in a batch processor', async () => {
    let isDown = true
    const inner = exporterOf((_, callback) =>
      callback(isDown ? { code: 1, error: new Error('down') } : { code: 0 }),
    )
    const exporter = reportLostSpans(inner)
    const processor = new BatchSpanProcessor({ exporter })
    const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test')
    const make = async (count: number): Promise<void> => {
      for (let made = 0; made < count; made++) tracer.startSpan('a').end()
      await processor.forceFlush().catch(() => {})
    }
    await make(600)
    await make(1)
    isDown = false
    await make(2)
    expect(exporter.spans).toEqual({ delivered: 2, lost: 601 })
    expect(warnings()).toEqual([
      expect.stringContaining('spans are being lost: down.'),
      expect.stringMatching(/601 spans were lost .* Spans are exported again\.$/),
    ])
    await processor.shutdown()
    expect(inner.shutdown).toHaveBeenCalledOnce()
  })

  it('passes on a flush and a shutdown, and reports before the shutdown', async () => {
    const inner = exporterOf((_, callback) => callback({ code: 1 }))
    const exporter = reportLostSpans(inner)
    await exporter.forceFlush?.()
    expect(inner.forceFlush).toHaveBeenCalledOnce()
    await send(exporter)
    await exporter.shutdown()
    expect(inner.shutdown).toHaveBeenCalledOnce()
    expect(warnings()[1]).toMatch(/3 spans were lost .* Telemetry has been shut down\.$/)
  })

  it('waits for unanswered batches at the shutdown, and reports them once', async () => {
    const inner = exporterOf(
      (_, callback) => void setImmediate(callback, { code: 1, error: new Error('down') }),
    )
    const exporter = reportLostSpans(inner)
    const sent = send(exporter)
    await exporter.shutdown()
    await sent
    expect(exporter.spans).toEqual({ delivered: 0, lost: 3 })
    expect(warnings()).toEqual([
      expect.stringMatching(/3 spans were lost at .*: down\. Telemetry has been shut down\.$/),
    ])
  })

  it.each<[unknown, unknown, string]>([
    [undefined, undefined, 'reportLostSpans(exporter) takes a span exporter, but got undefined.'],
    [
      { url: 'x' },
      undefined,
      'reportLostSpans(exporter) takes a span exporter, but got an object with the keys url.',
    ],
    [
      exporterOf(() => {}),
      { timeout: 1 },
      "reportLostSpans() has no option 'timeout'. It takes: exportTimeoutMillis.",
    ],
    [
      exporterOf(() => {}),
      { exportTimeoutMillis: 0 },
      "Option 'exportTimeoutMillis' of reportLostSpans() takes a number from 1 to 2147483647, but got the number 0.",
    ],
  ])('rejects %o with %j', (exporter, options, message) => {
    expect(() => reportLostSpans(exporter as SpanExporter, options as ReportLostSpansOptions)).toThrow(
      message,
    )
  })
})
