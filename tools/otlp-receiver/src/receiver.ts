import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

import { respond, type Behaviour } from './behaviour.ts'
import { createForwarder, type Forwarder } from './forward.ts'
import { decodeLogs, type JsonLogs, type ReceivedLog } from './logs.ts'
import { decodeMetrics, type JsonMetrics, type ReceivedMetric } from './metrics.ts'
import { decodeSpans, type JsonTraces, type ReceivedSpan } from './spans.ts'
import { createWaiting } from './waiting.ts'

/** The options of {@link startOtlpReceiver}. All are optional. */
export interface OtlpReceiverOptions {
  /** @default a free port */
  readonly port?: number | undefined
  /** Base URL of another OTLP/HTTP backend, which gets every body unchanged. @default none */
  readonly forwardTo?: string | undefined
  /** Additional headers of forwarded requests, such as an API key. @default none */
  readonly forwardHeaders?: Readonly<Record<string, string>> | undefined
}

/** One request. The receiver does not decode protobuf bodies. */
export interface ReceivedRequest {
  readonly path: string
  readonly contentType: string
  readonly bytes: number
  /** The status of the response. */
  readonly status: number
}

/** A running receiver. Its lists grow as requests arrive. */
export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  readonly metrics: readonly ReceivedMetric[]
  readonly logs: readonly ReceivedLog[]
  readonly requests: readonly ReceivedRequest[]
  /** The state of forwarding; undefined without `forwardTo`. */
  readonly forwarder: Forwarder | undefined
  /**
   * Calls the predicate now and after each request, and resolves with its first value other than undefined and false.
   *
   * @throws Error after the timeout, with a summary of the received signals
   */
  waitFor<T>(predicate: (receiver: OtlpReceiver) => T | undefined | false, timeoutMillis?: number): Promise<T>
  /** Changes the responses to further requests. Without an argument they are regular again. */
  respondWith(behaviour?: Behaviour): void
  /** Removes all received signals. */
  clear(): void
  stop(): Promise<void>
}

const unzip = promisify(gunzip)

async function readBody(request: AsyncIterable<Buffer<ArrayBuffer>>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer<ArrayBuffer>[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Listens on 127.0.0.1 for traces, metrics and logs over OTLP/HTTP. */
export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const metrics: ReceivedMetric[] = []
  const logs: ReceivedLog[] = []
  const requests: ReceivedRequest[] = []
  const forwarder =
    options.forwardTo === undefined
      ? undefined
      : createForwarder(options.forwardTo, options.forwardHeaders ?? {})
  const waiting = createWaiting()
  let behaviour: Behaviour = {}

  const decode = (path: string, body: unknown): boolean => {
    if (path === '/v1/traces') spans.push(...decodeSpans(body as JsonTraces))
    else if (path === '/v1/metrics') metrics.push(...decodeMetrics(body as JsonMetrics))
    else if (path === '/v1/logs') logs.push(...decodeLogs(body as JsonLogs))
    else return false
    return true
  }

  const receive = async (
    request: IncomingMessage,
  ): Promise<ReceivedRequest & { body: string | undefined }> => {
    const path = request.url ?? '/'
    const contentType = request.headers['content-type'] ?? ''
    const encoding = request.headers['content-encoding']
    const sent = await readBody(request)
    const seen = { path, contentType, bytes: sent.length }
    if (request.method !== 'POST') return { ...seen, status: 405, body: 'Use POST.' }
    try {
      const body = encoding === 'gzip' ? await unzip(sent) : sent
      if (contentType.startsWith('application/json')) {
        if (!decode(path, JSON.parse(body.toString('utf8')))) {
          return { ...seen, status: 404, body: 'The paths are /v1/traces, /v1/metrics and /v1/logs.' }
        }
      } else if (contentType !== 'application/x-protobuf') {
        return {
          ...seen,
          status: 415,
          body: 'The content type has to be application/json or application/x-protobuf.',
        }
      }
    } catch (error) {
      return { ...seen, status: 400, body: `Not OTLP: ${String(error)}` }
    }
    const headers = {
      'content-type': contentType,
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    }
    forwarder?.forward(path, headers, sent)
    return { ...seen, status: behaviour.status ?? 200, body: behaviour.body }
  }

  const server = createServer((request, response) => {
    receive(request).then(
      async ({ body, ...received }) => {
        requests.push(received)
        waiting.check()
        await respond(response, received.contentType, { ...behaviour, status: received.status, body })
      },
      // The sender closed the connection during its request.
      () => response.destroy(),
    )
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver has no TCP port.')

  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    metrics,
    logs,
    requests,
    forwarder,
    waitFor: (predicate, timeoutMillis = 10_000) => {
      const arrived = (): string =>
        `${spans.length} spans (${[...new Set(spans.map((span) => span.name))].slice(0, 20).join(', ')}), ` +
        `${metrics.length} metrics and ${logs.length} logs in ${requests.length} requests`
      return waiting.until(() => predicate(receiver), { timeoutMillis, arrived })
    },
    respondWith: (next = {}) => {
      behaviour = next
    },
    clear: () => {
      for (const list of [spans, metrics, logs, requests]) list.length = 0
    },
    async stop() {
      await forwarder?.settled()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return receiver
}
