import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { reportFault } from '../messages/faults.js'
import { sharedState } from '../shared-state.js'
import { currentScope, enterScope, nameByRoute, openScope } from './scope.js'

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
      nameByRoute(scope, () => expressRoute(request))
      endWith(request.socket, response, end)
      enterScope(scope)
    } catch (error) {
      reportFault('HTTP scope', error)
    }
  })
  channel('tracing:fastify.request.handler:start').subscribe((message) => {
    const { route } = message as FastifyHandler
    const scope = currentScope()
    if (scope?.kind === 'http' && typeof route?.url === 'string') {
      scope.name = `${route.method ?? 'GET'} ${route.url}`
      nameByRoute(scope, undefined)
    }
  })
}

/** What Fastify publishes when it has found the handler of a request. @see https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks */
interface FastifyHandler {
  readonly route?: { readonly url?: unknown; readonly method?: string } | undefined
}

/** What Express adds to a request once a route has been found for it. */
interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: unknown
  readonly route?: { readonly path?: unknown } | undefined
}

function expressRoute(request: ExpressRequest): string | undefined {
  const { route, baseUrl, method } = request
  if (typeof route?.path !== 'string') return undefined
  // Where a router is mounted is a part of the URL as it came, with what may be values in it.
  const prefix = typeof baseUrl === 'string' && baseUrl !== '' ? withoutValues(baseUrl) : ''
  return `${method ?? 'GET'} ${prefix}${route.path}`
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

/** Segments in front of what a path is about, such as `api` and `v2`. */
const PREFIX = /^(?:api|rest|v\d{1,2})$/
/** A word such as `order-items` and `orderItems`. */
const WORD = /^[a-z][a-z._~-]{0,31}(?:[A-Z][a-z]{1,15}){0,3}$/

/**
 * `GET /orders/…` for `GET /orders/4711?token=…`, as long as no route is known: what follows the first word of a
 * path may be a value, and the name leaves the process.
 */
export function httpScopeName(method: string | undefined, url: string | undefined): string {
  return `${method ?? 'GET'} ${withoutValues((url ?? '').split(/[?#]/, 1)[0] ?? '')}`
}

function withoutValues(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  let kept = 0
  while (kept < 3 && PREFIX.test(segments[kept] ?? '')) kept++
  if (WORD.test(segments[kept] ?? '')) kept++
  const rest = kept < segments.length ? ['…'] : []
  return `/${[...segments.slice(0, kept), ...rest].join('/')}`
}
