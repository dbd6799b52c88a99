import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { startOtlpReceiver, type OtlpReceiver } from '../src/index.ts'

const TRACES = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [
        {
          scope: { name: 'tester', version: '1.2.3' },
          schemaUrl: 'https://example.com/schema',
          spans: [
            {
              traceId: '0AF7651916CD43DD8448EB211C80319C',
              spanId: 'b7ad6b7169203331',
              parentSpanId: '',
              name: 'SELECT orders',
              kind: 3,
              startTimeUnixNano: '1763900000000000001',
              endTimeUnixNano: '1763900000000000002',
              attributes: [
                { key: 'rows', value: { intValue: '42' } },
                { key: 'ratio', value: { doubleValue: 0.5 } },
                {
                  key: 'names',
                  value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } },
                },
              ],
              status: { code: 2, message: 'gone' },
            },
          ],
        },
      ],
    },
  ],
}
const METRICS = {
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'db.client.operation.duration',
              unit: 's',
              histogram: {
                aggregationTemporality: 2,
                dataPoints: [{ count: '3', sum: 0.25, bucketCounts: ['1', '2'], explicitBounds: [0.1] }],
              },
            },
          ],
        },
      ],
    },
  ],
}
const LOGS = {
  resourceLogs: [
    { scopeLogs: [{ logRecords: [{ eventName: 'oops', severityNumber: 13, body: { stringValue: 'hm' } }] }] },
  ],
}

let receiver: OtlpReceiver

beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  await receiver.stop()
})

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(receiver.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

describe('startOtlpReceiver', () => {
  it('flattens spans', async () => {
    expect((await post('/v1/traces', JSON.stringify(TRACES))).status).toBe(200)
    expect(receiver.spans).toEqual([
      {
        resource: { 'service.name': 'shop' },
        scope: { name: 'tester', version: '1.2.3', schemaUrl: 'https://example.com/schema' },
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        parentSpanId: undefined,
        name: 'SELECT orders',
        kind: 'CLIENT',
        startTime: 1763900000000000001n,
        endTime: 1763900000000000002n,
        attributes: { rows: 42, ratio: 0.5, names: ['a', 'b'] },
        events: [],
        links: [],
        status: { code: 'ERROR', message: 'gone' },
      },
    ])
  })

  it('decodes metrics and logs', async () => {
    await post('/v1/metrics', JSON.stringify(METRICS))
    await post('/v1/logs', JSON.stringify(LOGS))
    expect(receiver.metrics).toMatchObject([
      {
        name: 'db.client.operation.duration',
        unit: 's',
        type: 'histogram',
        temporality: 'cumulative',
        dataPoints: [{ count: 3, sum: 0.25, bucketCounts: [1, 2], explicitBounds: [0.1], value: undefined }],
      },
    ])
    expect(receiver.logs).toMatchObject([{ eventName: 'oops', severityNumber: 13, body: 'hm' }])
  })

  it('reads compressed bodies', async () => {
    await post('/v1/traces', gzipSync(JSON.stringify(TRACES)), { 'content-encoding': 'gzip' })
    expect(receiver.spans).toHaveLength(1)
  })

  it('accepts protobuf without decoding it', async () => {
    const response = await post('/v1/traces', new Uint8Array([10, 0]), {
      'content-type': 'application/x-protobuf',
    })
    expect(response.status).toBe(200)
    expect(receiver.spans).toEqual([])
    expect(receiver.requests).toEqual([
      { path: '/v1/traces', contentType: 'application/x-protobuf', bytes: 2, status: 200 },
    ])
  })

  it('rejects requests other than OTLP', async () => {
    expect((await post('/v1/traces', '{')).status).toBe(400)
    expect((await post('/elsewhere', '{}')).status).toBe(404)
    expect((await post('/v1/traces', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await fetch(receiver.url)).status).toBe(405)
  })

  it('waits for a signal', async () => {
    const waiting = receiver.waitFor(({ spans }) => spans.find((span) => span.name === 'SELECT orders'))
    await post('/v1/traces', JSON.stringify(TRACES))
    expect((await waiting).kind).toBe('CLIENT')
  })

  it('reports the received signals after a timeout', async () => {
    await post('/v1/traces', JSON.stringify(TRACES))
    await expect(receiver.waitFor(() => false, 10)).rejects.toThrow('1 spans (SELECT orders)')
  })

  it('returns failures on request, and regular responses afterwards', async () => {
    receiver.respondWith({ status: 503, body: 'garbage' })
    const bad = await post('/v1/traces', JSON.stringify(TRACES))
    expect([bad.status, await bad.text()]).toEqual([503, 'garbage'])
    receiver.respondWith({ disconnect: true })
    await expect(post('/v1/traces', JSON.stringify(TRACES))).rejects.toThrow('fetch failed')
    receiver.respondWith()
    expect((await post('/v1/traces', JSON.stringify(TRACES))).status).toBe(200)
  })

  it('forwards bodies unchanged', async () => {
    const first = await startOtlpReceiver({ forwardTo: `${receiver.url}/`, forwardHeaders: { 'x-key': 'k' } })
    try {
      await fetch(`${first.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify(TRACES)),
      })
      await first.forwarder?.settled()
      expect(receiver.spans).toEqual(first.spans)
      expect(first.forwarder).toMatchObject({ delivered: 1, problem: undefined })
    } finally {
      await first.stop()
    }
  })

  it('keeps the first failure of forwarding', async () => {
    const first = await startOtlpReceiver({ forwardTo: 'http://127.0.0.1:1' })
    try {
      const response = await fetch(`${first.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      expect(response.status).toBe(200)
      await first.forwarder?.settled()
      expect(first.forwarder?.problem).toMatch('http://127.0.0.1:1/v1/traces could not be reached')
    } finally {
      await first.stop()
    }
  })
})
