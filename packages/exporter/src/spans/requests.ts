import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { context, type Context } from '@opentelemetry/api'
import { currentScope, type Scope } from '@querylens/core'
import { clock, findRoute, nameByMethodAnd, reportFault } from '@querylens/core/internal'

import { rpcMetadataIn } from '../sdk-internals.js'

/** A request of a `node:http` server. */
export interface Request {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The HTTP requests behind scopes, and what Querylens and instrumentations know of their routes. */
export interface Requests {
  /** @returns a function that stops it */
  start(): () => void
  of(scope: Scope): Request | undefined
  /** Names a scope by the route that an instrumentation has found, so that queries and their request agree. */
  adoptRoute(scope: Scope, at: Context): void
}

const requestStart = channel('http.server.request.start')

/** Makes a {@link Requests}. */
export function createRequests(): Requests {
  const requests = new WeakMap<Scope, Request>()
  const onStart = (message: unknown): void => {
    try {
      const scope = currentScope()
      if (scope?.kind !== 'http' || requests.has(scope)) return
      const request = message as Request
      requests.set(scope, request)
      // The instrumentation of `node:http` starts its span right after this. From then on, listeners of the response run in
      // the context of the request, and this one in front of that which ends the span.
      clock.nextTick(() => request.response.prependOnceListener('close', () => offerRoute(scope)))
    } catch (fault) {
      reportFault('the start of a request', fault)
    }
  }
  return {
    start() {
      requestStart.subscribe(onStart)
      return () => void requestStart.unsubscribe(onStart)
    },

    of: (scope) => requests.get(scope),

    adoptRoute(scope, at) {
      const { type, route } = rpcMetadataIn(at) ?? {}
      if (type !== 'http' || typeof route !== 'string') return
      // Express and Connect go through middleware, and their instrumentations note the path of each, until the route is found.
      if (!scope.isNamed && 'originalUrl' in (requests.get(scope)?.request ?? {})) return
      if (routeOf(scope) !== route) nameByMethodAnd(route, scope)
    },
  }
}

/** Gives the instrumentation of `node:http` a route that no instrumentation has found: it names the request's span by it. */
function offerRoute(scope: Scope): void {
  try {
    const metadata = rpcMetadataIn(context.active())
    if (metadata?.type !== 'http' || metadata.route !== undefined) return
    findRoute(scope)
    if (scope.isNamed) metadata.route = routeOf(scope)
  } catch (fault) {
    reportFault('the route of a request', fault)
  }
}

/** A named request is called `GET /users/:id`. */
export function routeOf({ name }: Scope): string {
  return name.slice(name.indexOf(' ') + 1)
}
