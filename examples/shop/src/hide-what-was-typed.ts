import type { IncomingMessage } from 'node:http'

import type { Attributes } from '@opentelemetry/api'

const REDACTED = 'REDACTED'

/**
 * Takes path and query out of the spans of requests: they hold what customers typed, tracking numbers and search words.
 * Which page it was, `http.route` says. A module of its own, because what is imported before the instrumentations have
 * started cannot be instrumented: Fastify, for one.
 */
export function hideWhatWasTyped({ url }: IncomingMessage): Attributes {
  return {
    'url.path': REDACTED,
    ...(url?.includes('?') === true && { 'url.query': REDACTED }),
  }
}
