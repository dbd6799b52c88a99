import { context } from '@opentelemetry/api'
import { getRPCMetadata } from '@opentelemetry/core'
import type { FastifyInstance } from 'fastify'

/**
 * Passes the route of a request to OpenTelemetry's HTTP instrumentation. The instrumentation starts the span before the
 * route is known, and names the span by the route at its end: `GET /orders/:id`.
 *
 * The alternative, `@fastify/otel`, adds a span for each hook and handler, which this shop does not need.
 */
export function nameRequestSpans(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const metadata = getRPCMetadata(context.active())
    const route = request.routeOptions.url
    if (metadata !== undefined && route !== undefined) metadata.route = route
  })
}
