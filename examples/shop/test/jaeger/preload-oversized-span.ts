import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

import { trace } from '@opentelemetry/api'

/** More than a gRPC server accepts in one message by default. */
const FIVE_MEGABYTES = 5 * 1024 * 1024

/** Each request of `/health` creates a span that is too large to send, as another instrumentation might. */
subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: IncomingMessage }
  if (request.url !== '/health') return
  const span = trace.getTracer('oversized').startSpan('oversized')
  span.setAttribute('body', 'x'.repeat(FIVE_MEGABYTES))
  span.end()
})
