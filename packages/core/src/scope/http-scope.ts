import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { reportFault } from '../faults.js'
import { enterScope, openScope } from './scope.js'

interface RequestStart {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

let enabled = false

/**
 * From now on each request of a `node:http` server is a scope, whatever framework answers it.
 *
 * Node publishes `http.server.request.start` for each request right before its listeners run, also for
 * the second of two pipelined requests. The scope ends with the response's `close`, which Node emits after
 * a finished response and after an aborted one alike. Calling it again changes nothing.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function enableHttpScopes(): void {
  if (enabled) return
  enabled = true
  channel('http.server.request.start').subscribe((message) => {
    try {
      const { request, response } = message as RequestStart
      const { scope, end } = openScope('http', httpScopeName(request.method, request.url))
      response.once('close', end)
      enterScope(scope)
    } catch (error) {
      reportFault('HTTP scope', error)
    }
  })
}

/** A digit, or anything but a word; versions such as `v2` are part of a route. */
const VALUE = /\d|[^\w.~-]/
const VERSION = /^v\d{1,2}$/i
const MAX_SEGMENT_LENGTH = 40

/**
 * `GET /orders/{id}` for `GET /orders/4711?token=…`: without the query string, and with a placeholder for
 * each segment that looks like a value, because the name leaves the process.
 */
export function httpScopeName(method: string | undefined, url: string | undefined): string {
  const path = (url ?? '').split(/[?#]/, 1)[0] ?? ''
  const segments = path
    .split('/')
    .slice(0, 12)
    .map((segment) => (isValue(segment) ? '{id}' : segment))
  return `${method ?? 'GET'} ${segments.join('/') || '/'}`
}

function isValue(segment: string): boolean {
  return (VALUE.test(segment) && !VERSION.test(segment)) || segment.length > MAX_SEGMENT_LENGTH
}
