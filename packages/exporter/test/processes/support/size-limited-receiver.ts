import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decodeSpans, type JsonTraces, type ReceivedSpan } from '@querylens/tool-otlp-receiver'

/** A backend that takes only small requests. */
export interface SizeLimitedReceiver {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  /** How many requests it has refused. */
  readonly refused: number
  stop(): Promise<void>
}

/** Starts a backend that takes OTLP/JSON of up to `maxBytes`, and refuses larger requests with `status`. */
export async function startSizeLimitedReceiver(
  maxBytes: number,
  status: 400 | 413,
): Promise<SizeLimitedReceiver> {
  const spans: ReceivedSpan[] = []
  let refused = 0
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const body = Buffer.concat(chunks)
      response.setHeader('content-type', 'application/json')
      if (body.length > maxBytes) {
        refused++
        response.writeHead(status)
        // The body of the OpenTelemetry Collector.
        response.end(status === 400 ? '{"code":3,"message":"http: request body too large"}' : '{}')
        return
      }
      spans.push(...decodeSpans(JSON.parse(body.toString('utf8')) as JsonTraces))
      response.end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get refused() {
      return refused
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
