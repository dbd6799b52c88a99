import {
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { Scope } from '@querylens/core'

import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_QUERYLENS_SCOPE_NAME,
  ATTR_URL_SCHEME,
} from '../attributes.js'
import { routeOf, type Request } from './requests.js'

const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'])

/**
 * Starts the SERVER span of a request that no instrumentation has made a span for. Path and query stay away from it: they
 * may hold values.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function startRequestSpan(tracer: Tracer, scope: Scope, { request }: Request, active: Context): Span {
  const method = METHODS.has(request.method ?? '') ? request.method : undefined
  return tracer.startSpan(
    method ?? 'HTTP',
    {
      kind: SpanKind.SERVER,
      startTime: scope.startTimeMillis,
      attributes: {
        [ATTR_HTTP_REQUEST_METHOD]: method ?? '_OTHER',
        [ATTR_URL_SCHEME]: 'encrypted' in request.socket ? 'https' : 'http',
      },
    },
    propagation.extract(trace.deleteSpan(active), request.headers),
  )
}

/** Writes what is known at the end of a request. */
export function describeRequest(span: Span, scope: Scope, { response }: Request): void {
  span.setAttribute(ATTR_QUERYLENS_SCOPE_NAME, scope.name)
  if (scope.isNamed) {
    span.updateName(scope.name)
    span.setAttribute(ATTR_HTTP_ROUTE, routeOf(scope))
  }
  // The client has disconnected before there was an answer.
  if (!response.headersSent) return
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, response.statusCode)
  if (response.statusCode < 500) return
  span.setAttribute(ATTR_ERROR_TYPE, String(response.statusCode))
  span.setStatus({ code: SpanStatusCode.ERROR })
}
