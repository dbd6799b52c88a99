import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { setScopeOptions } from '../findings/detectors-by-scope.js'
import { reportFault } from '../messages/faults.js'
import type { Scope } from '../messages/scope.js'
import type { Mutable } from '../mutable.js'
import { processState, stateOfAllRealms } from '../process-state.js'
import { hasCaptures } from './capture.js'
import { captureOf, captureRequestStarts, scopeOfProcess } from './captures.js'
import { emitInScope } from './emit-in-scope.js'
import { currentScope, enteredScope, enterScope, nameByRoute, nameScope, openScope } from './scope.js'
import { captureOfSender } from './sent-requests.js'

interface RequestStart {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const state = processState('httpScopes', () => ({
  /** Number of calls that have not been taken back. */
  uses: 0,
  /** Unsubscribes the listeners of the copy that subscribed. */
  unsubscribe: () => {},
}))

/**
 * The channels belong to the process, so that it has one listener: the one of the realm that asked last. The realms of
 * earlier test files may be gone.
 */
const listening = stateOfAllRealms('requestListener', () => ({ unsubscribe: () => {} }))

const requestStart = channel('http.server.request.start')
const fastifyHandler = channel('tracing:fastify.request.handler:start')

/**
 * Makes each request of a `node:http` server a scope, with any framework. It applies to the whole process; a
 * request costs some microseconds. Each call counts: requests are scopes until every caller has taken its call back.
 *
 * `QuerylensInstrumentation` calls it by default, and so does `querylens()` in the modes `warn` and `throw`. Call it
 * yourself where only subscribers of your own listen.
 *
 * Node publishes `http.server.request.start` for each request right before its listeners run, also for the second of two
 * pipelined requests. The scope ends with the response's `close`, which Node emits after a finished response and after an
 * aborted one alike, or with the connection of a response that was never sent.
 *
 * @returns a function that takes this call back, once
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function scopeHttpRequests(): () => void {
  if (state.uses++ === 0) state.unsubscribe = subscribe()
  let isStopped = false
  return () => {
    if (isStopped) return
    isStopped = true
    if (--state.uses === 0 && !hasCaptures()) state.unsubscribe()
  }
}

/** Subscribes this copy in place of the one that listens now. */
function subscribe(): () => void {
  listening.unsubscribe()
  requestStart.subscribe(onRequestStart)
  fastifyHandler.subscribe(onFastifyHandler)
  const unsubscribe = (): void => {
    requestStart.unsubscribe(onRequestStart)
    fastifyHandler.unsubscribe(onFastifyHandler)
  }
  listening.unsubscribe = unsubscribe
  return unsubscribe
}

function onRequestStart(message: unknown): void {
  try {
    if (state.uses === 0 && !isLeftBehind()) return
    const { request, response } = message as RequestStart
    const parent = captureOfSender(request)?.scope ?? scopeOfProcess()
    const open = openScope('http', httpScopeName(request.method, request.url), parent)
    const { scope } = open
    if (parent !== undefined) setScopeOptions(scope, undefined)
    const endInCapture = captureRequestStarts(scope)
    const end = (): void => {
      open.end()
      endInCapture()
    }
    nameByRoute(scope, () => expressRoute(request))
    const close = endWithConnection(request.socket, end)
    emitInScope(request, scope)
    // Right before the listeners of `close`: instrumentations end the request's span there, and write findings to it.
    emitInScope(response, scope, (event) => {
      if (event === 'close') close()
    })
    enterScope(scope)
  } catch (error) {
    reportFault('HTTP scope', error)
  }
}

/**
 * Whether a request without a caller of {@link scopeHttpRequests} begins in the context of a capture that has ended, or of a
 * request before it. A server keeps the context in which it was started, and up to Node 22 a connection keeps that of the
 * request before. Without a scope of its own, the request would look like work of these that goes on.
 */
function isLeftBehind(): boolean {
  const entered = enteredScope()
  return captureOf(entered) !== undefined || (entered?.kind === 'http' && entered.ended)
}

/**
 * Names the current HTTP request by its route, for frameworks such as Hono and Koa that do not show it to Querylens. The
 * name is that of the request's scope and span: `GET /users/:id`. Fastify and Express need no call.
 *
 * Does nothing outside a request, and for what is no route: `undefined`, or the `*` of a middleware. Never throws.
 *
 * @param route as the framework knows it, with the names of parameters in place of their values
 *
 * @example
 * // Hono
 * app.use(async (context, next) => {
 *   setRoute(routePath(context, -1))
 *   await next()
 * })
 */
export function setRoute(route: string | undefined): void {
  const scope: Mutable<Scope> | undefined = currentScope()
  if (typeof route === 'string' && !NO_ROUTE.test(route)) nameByMethodAnd(route, scope)
}

const NO_ROUTE = /^\/?\*+$|^$/

function onFastifyHandler(message: unknown): void {
  try {
    const { route } = message as FastifyHandler
    if (typeof route?.url === 'string') nameByMethodAnd(route.url, currentScope())
  } catch (error) {
    reportFault('HTTP scope', error)
  }
}

/** Gives a request the name of its route. A route may have several methods; the request has one, which its name begins with. */
export function nameByMethodAnd(route: string, scope: Scope | undefined): void {
  if (scope?.kind === 'http') nameScope(scope, `${scope.name.replace(/ .*/s, '')} ${route}`)
}

/**
 * The message that Fastify publishes when it has found the handler of a request.
 *
 * @see https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks
 */
interface FastifyHandler {
  readonly route?: { readonly url?: unknown } | undefined
}

/** The fields that Express adds to a request once it has found a route. */
interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: unknown
  readonly route?: { readonly path?: unknown } | undefined
}

function expressRoute(request: ExpressRequest): string | undefined {
  const { route, baseUrl, method } = request
  if (typeof route?.path !== 'string') return undefined
  // The mount path of a router is a part of the request's URL, and may hold values.
  const prefix = typeof baseUrl === 'string' && baseUrl !== '' ? withoutValues(baseUrl) : ''
  return `${method ?? 'GET'} ${prefix}${route.path}`
}

/** Ends the requests that are open on a connection; one listener for all of them. */
const openRequests = new WeakMap<Socket, Set<() => void>>()

/**
 * Ends a request with its connection, unless its response has closed before: a response that waits for its turn emits
 * nothing when its client disconnects.
 *
 * @returns a function that ends the request now
 */
function endWithConnection(socket: Socket, end: () => void): () => void {
  let ends = openRequests.get(socket)
  if (ends === undefined) {
    const ofSocket = new Set<() => void>()
    ends = ofSocket
    openRequests.set(socket, ofSocket)
    socket.once('close', () => {
      // A response emits its `close` before or after this one.
      for (const endOne of ofSocket) {
        ofSocket.delete(endOne)
        endOne()
      }
    })
  }
  const ofRequest = ends
  ofRequest.add(end)
  return () => {
    if (ofRequest.delete(end)) end()
  }
}

/** Segments in front of a path's subject, such as `api` and `v2`. */
const PREFIX = /^(?:api|rest|v\d{1,2})$/
/** A word such as `order-items` and `orderItems`. */
const WORD = /^[a-z][a-z._~-]{0,31}(?:[A-Z][a-z]{1,15}){0,3}$/

/**
 * Names a request while its route is not known: `GET /orders/…` for `GET /orders/4711?token=…`. Everything after the
 * first word of a path may be a value, and the name leaves the process.
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
