import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { reportFault } from '../faults.js'
import { sharedState } from '../shared-state.js'
import { enterScope, openScope } from './scope.js'

interface RequestStart {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const state = sharedState('http-scopes/1', () => ({ enabled: false }))

/**
 * From now on each request of a `node:http` server is a scope, whatever framework answers it.
 *
 * Node publishes `http.server.request.start` for each request right before its listeners run, also for
 * the second of two pipelined requests. The scope ends with the response's `close`, which Node emits after
 * a finished response and after an aborted one alike, or with its connection, where it was never its turn.
 * Calling it again changes nothing.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function enableHttpScopes(): void {
  if (state.enabled) return
  state.enabled = true
  channel('http.server.request.start').subscribe((message) => {
    try {
      const { request, response } = message as RequestStart
      const { scope, end } = openScope('http', httpScopeName(request.method, request.url))
      endWith(request.socket, response, end)
      enterScope(scope)
    } catch (error) {
      reportFault('HTTP scope', error)
    }
  })
}

/** The ends of the requests that are open on a connection; one listener for all of them. */
const openRequests = new WeakMap<Socket, Set<() => void>>()

function endWith(socket: Socket, response: ServerResponse, end: () => void): void {
  let ends = openRequests.get(socket)
  if (ends === undefined) {
    const ofSocket = new Set<() => void>()
    ends = ofSocket
    openRequests.set(socket, ofSocket)
    // Responses that wait for their turn emit nothing when their client goes.
    socket.once('close', () => {
      for (const endOne of ofSocket) endOne()
    })
  }
  const ofRequest = ends
  ofRequest.add(end)
  response.once('close', () => {
    ofRequest.delete(end)
    end()
  })
}

/** What a route is made of: words such as `order-items` and `orderItems`, and versions such as `v2`. */
const WORD = /^[a-z][a-z._~-]{0,31}(?:[A-Z][a-z]{1,15}){0,3}$/
const VERSION = /^v\d{1,2}$/

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
  return segment !== '' && !WORD.test(segment) && !VERSION.test(segment)
}
