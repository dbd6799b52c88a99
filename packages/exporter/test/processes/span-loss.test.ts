import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { startOtlpReceiver, type OtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { startSizeLimitedReceiver } from './support/size-limited-receiver.js'
import { startTracingApplication } from './support/tracing-application.js'

const FOR = 'for http://127.0.0.1:<port>'
const BEGINNING = (reason: string): string =>
  `querylens: spans ${FOR} are being lost: ${reason}. The application is not affected, ` +
  'and export resumes by itself as soon as the backend takes spans again.'
const END = (lost: number, reason: string): string =>
  `querylens: ${lost} spans ${FOR} were lost at <time>: ${reason}. Spans are exported again.`
const BUSY = 'HTTP 429, 502, 503 or 504, also when retried'
const WEB_PAGE = 'the answer is a web page; OTLP has ports of its own, 4318 over HTTP and 4317 over gRPC'
const REFUSED = 'connect ECONNREFUSED 127.0.0.1:<port>'

let receiver: OtlpReceiver

beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.stop())

describe('spans of startTelemetry', () => {
  it('are counted without a warning while all are delivered', async () => {
    const application = startTracingApplication(receiver.url, { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '7' })
    expect(await application.tell('make 20')).toEqual({ delivered: 0, lost: 0 })
    expect(await application.tell('flush')).toEqual({ delivered: 20, lost: 0 })
    expect(await application.end()).toMatchObject({ code: 0, stderr: '' })
    expect(receiver.spans).toHaveLength(20)
  })

  it('arrive once a backend is up that was down at the start', async () => {
    const { url } = receiver
    await receiver.stop()
    const application = startTracingApplication(url)
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 0, lost: 3 })
    expect(await application.tell('make-and-flush 4')).toEqual({ delivered: 0, lost: 7 })

    receiver = await startOtlpReceiver({ port: Number(new URL(url).port) })
    await application.tell('make 5')
    await receiver.waitFor(({ spans }) => spans.length === 5)
    expect(await application.tell('flush')).toEqual({ delivered: 5, lost: 7 })
    const { code, warnings } = await application.end()
    expect({ code, warnings }).toEqual({ code: 0, warnings: [BEGINNING(REFUSED), END(7, REFUSED)] })
  })

  it.each([
    ['is overloaded', { status: 503 }, BUSY],
    ['throttles', { status: 429 }, BUSY],
    ['fails', { status: 500, body: '<html>s3cret</html>' }, 'HTTP 500 Internal Server Error'],
    [
      'does not know the path',
      { status: 404, body: '<html>s3cret</html>' },
      'HTTP 404 Not Found; check the path of the endpoint: the SDK adds /v1/traces to OTEL_EXPORTER_OTLP_ENDPOINT, but nothing to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    ],
    ['answers with a web page', { status: 200, body: '\n<!doctype html>s3cret' }, WEB_PAGE],
    ['hangs up', { disconnect: true }, 'socket hang up'],
  ])('cause two warnings when a backend %s for a while', async (_, behaviour, reason) => {
    const application = startTracingApplication(receiver.url)
    receiver.respondWith(behaviour)
    for (let batch = 1; batch <= 3; batch++) {
      expect(await application.tell('make-and-flush 2')).toEqual({ delivered: 0, lost: 2 * batch })
    }
    receiver.respondWith()
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 3, lost: 6 })
    const { code, stderr, warnings } = await application.end()
    expect({ code, warnings }).toEqual({ code: 0, warnings: [BEGINNING(reason), END(6, reason)] })
    expect(stderr).not.toContain('s3cret')
  })

  it('count as delivered with an answer that the SDK cannot read', async () => {
    receiver.respondWith({ status: 200, body: 'fine' })
    const application = startTracingApplication(receiver.url)
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 3, lost: 0 })
    expect(await application.end()).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['gives a reason', { rejectedSpans: '2', errorMessage: 'too old' }, 2, 'too old'],
    ['gives no reason', { rejectedSpans: 1 }, 1, 'it gives no reason'],
    ['rejects more than there are', { rejectedSpans: 9 }, 3, 'it gives no reason'],
  ])('are counted one by one where a backend takes a part of them and %s', async (_, part, lost, reason) => {
    receiver.respondWith({ body: JSON.stringify({ partialSuccess: part }) })
    const application = startTracingApplication(receiver.url)
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 3 - lost, lost })
    receiver.respondWith({ body: '{"partialSuccess":{}}' })
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 6 - lost, lost })
    const { warnings } = await application.end()
    expect(warnings.join('\n')).toContain(`: the backend took only a part of a batch: ${reason}.`)
  })

  it('are not lost where the bytes of an answer begin like a web page', async () => {
    // partial_success of 60 bytes, "<": one rejected span, and why.
    const body = `\n<\b\u0001\u00128${'x'.repeat(56)}`
    receiver.respondWith({ body })
    const application = startTracingApplication(receiver.url, {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    })
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 2, lost: 1 })
    await application.end()
  })

  it('are reported without an invalid address, which may hold secrets', async () => {
    const application = startTracingApplication('user:s3cret@127.0.0.1:1/s3cret')
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 0, lost: 3 })
    const { warnings, stderr } = await application.end()
    expect(warnings[0]).toBe(
      'querylens: spans are being lost: the endpoint must begin with http:// or https://. The application is not ' +
        'affected, and export resumes by itself as soon as the backend takes spans again.',
    )
    expect(stderr).not.toContain('s3cret')
  })

  it('are lost where a port does not speak HTTP', async () => {
    const server = createServer((socket) => void socket.end('220 mail.example.com\r\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const application = startTracingApplication(`http://user:s3cret@127.0.0.1:${port}/s3cret`)
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 0, lost: 3 })
    const { warnings, stderr } = await application.end()
    server.close()
    expect(warnings[0]).toBe(
      BEGINNING('the answer is not HTTP; for a gRPC port set OTEL_EXPORTER_OTLP_PROTOCOL=grpc'),
    )
    expect(stderr).not.toContain('s3cret')
  })

  it.each([
    ['by itself', undefined],
    ['by shutdown', 'shutdown-and-exit'],
  ])('are reported at the end of a lasting outage when the process ends %s', async (_, command) => {
    receiver.respondWith({ status: 503 })
    const application = startTracingApplication(receiver.url)
    await application.tell('make 3')
    await application.tell('flush')
    await application.tell('make 4')
    const { code, warnings } = await application.end(command)
    expect(code).toBe(0)
    expect(warnings[1]).toBe(
      `querylens: 7 spans ${FOR} were lost at <time>: ${BUSY}. Telemetry has been shut down.`,
    )
    expect(warnings).toHaveLength(2)
  })

  it.each([
    ['by itself', undefined],
    ['by shutdown', 'shutdown-and-exit'],
  ])('are reported once when they are lost while the process ends %s', async (_, command) => {
    receiver.respondWith({ status: 503 })
    const application = startTracingApplication(receiver.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
    await application.tell('make 3')
    const { code, warnings } = await application.end(command)
    expect({ code, warnings }).toEqual({
      code: 0,
      warnings: [`querylens: 3 spans ${FOR} were lost at <time>: ${BUSY}. Telemetry has been shut down.`],
    })
  })

  it('are reported when the process ends before the backend answers', async () => {
    receiver.respondWith({ delayMillis: Infinity })
    const application = startTracingApplication(receiver.url, {
      OTEL_EXPORTER_OTLP_TIMEOUT: '120000',
      // An open request would keep the process from ending.
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    })
    await application.tell('make 3')
    const { code, warnings } = await application.end()
    expect(code).toBe(0)
    expect(warnings).toEqual([
      `querylens: 3 spans ${FOR} were lost at <time>: the process ended before the backend answered. Telemetry has been shut down.`,
    ])
  })

  it.each(['env', 'all'])(
    'are counted when the queue is full (resource detectors: %s)',
    async (detectors) => {
      const application = startTracingApplication(receiver.url, {
        OTEL_BSP_MAX_QUEUE_SIZE: '10',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
        OTEL_NODE_RESOURCE_DETECTORS: detectors,
      })
      // 5 are on their way as soon as the batch is full, and 10 are in the queue.
      expect(await application.tell('make 100')).toEqual({ delivered: 0, lost: 85 })
      expect(await application.tell('flush')).toEqual({ delivered: 15, lost: 85 })
      expect(await application.tell('make-and-flush 7')).toEqual({ delivered: 22, lost: 85 })
      expect(receiver.spans).toHaveLength(22)
      const { warnings } = await application.end()
      const reason =
        'the queue of 10 spans is full, because the backend takes too few (OTEL_BSP_MAX_QUEUE_SIZE)'
      expect(warnings[0]).toBe(BEGINNING(reason))
      expect(warnings[1]).toMatch(
        /^querylens: 85 spans for .* were lost .* is full, .* Spans are exported again\.$/,
      )
      expect(warnings).toHaveLength(2)
    },
  )

  it('are not lost when they are not sampled', async () => {
    const application = startTracingApplication(receiver.url, {
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
      OTEL_TRACES_SAMPLER: 'always_off',
    })
    expect(await application.tell('make-and-flush 100')).toEqual({ delivered: 0, lost: 0 })
    expect((await application.end()).stderr).toBe('')
  })

  it.each([413, 400] as const)(
    'arrive except the one that is too large, which a backend refuses with %i',
    async (status) => {
      const limited = await startSizeLimitedReceiver(100_000, status)
      try {
        const application = startTracingApplication(limited.url)
        await application.tell('make 30')
        await application.tell('make-large 200000')
        expect(await application.tell('make-and-flush 33')).toEqual({ delivered: 63, lost: 1 })
        expect(new Set(limited.spans.map(({ spanId }) => spanId)).size).toBe(63)
        expect(limited.spans.map(({ name }) => name)).not.toContain('large')
        const { warnings } = await application.end()
        expect(warnings).toEqual([
          expect.stringMatching(
            /^querylens: 1 span for .* was lost at <time>: HTTP \d+ .*too large.* Other spans were exported\.$/i,
          ),
        ])
      } finally {
        await limited.stop()
      }
    },
  )

  it.each(['env', 'all'])(
    'are flushed when their batch has left the queue (resource detectors: %s)',
    async (detectors) => {
      receiver.respondWith({ delayMillis: 300 })
      const environment = {
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
        OTEL_EXPORTER_OTLP_TIMEOUT: '10000',
        OTEL_NODE_RESOURCE_DETECTORS: detectors,
      }
      const flushing = startTracingApplication(receiver.url, environment)
      expect(await flushing.tell('make-and-flush 5')).toEqual({ delivered: 5, lost: 0 })
      await flushing.end()
      const ending = startTracingApplication(receiver.url, environment)
      expect(await ending.end('make-shutdown-and-exit 5')).toMatchObject({ code: 0, stderr: '' })
      expect(receiver.spans).toHaveLength(10)
    },
  )

  it('are flushed when another batch has failed', async () => {
    // The first batch is refused for its size at once; the parts of the second one take their time.
    const limited = await startSizeLimitedReceiver(20_000, 413)
    try {
      const application = startTracingApplication(limited.url, { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '50' })
      await application.tell('make-large 30000')
      await application.tell('make 99')
      const { code, warnings } = await application.end('shutdown-and-exit')
      expect({ code, count: warnings.length }).toEqual({ code: 0, count: 1 })
      expect(limited.spans).toHaveLength(99)
    } finally {
      await limited.stop()
    }
  })

  it('are the only signal that is watched, not metrics and logs', async () => {
    const application = startTracingApplication(receiver.url, {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.url}/nowhere`,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${receiver.url}/nowhere`,
    })
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 3, lost: 0 })
    expect(await application.end()).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true' }],
    ['there is no exporter', { OTEL_TRACES_EXPORTER: 'none' }],
  ])('are not counted where %s', async (_, environment) => {
    const application = startTracingApplication(receiver.url, environment)
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 0, lost: 0 })
    expect(await application.end()).toMatchObject({ code: 0, stderr: '' })
  })

  it('are reported once where telemetry is started twice', async () => {
    receiver.respondWith({ status: 500 })
    const application = startTracingApplication(receiver.url)
    await application.tell('start-again')
    expect(await application.tell('make-and-flush 3')).toEqual({ delivered: 0, lost: 3 })
    receiver.respondWith()
    expect(await application.tell('make-and-flush 2')).toEqual({ delivered: 2, lost: 3 })
    expect((await application.end()).warnings).toHaveLength(2)
  })
})
