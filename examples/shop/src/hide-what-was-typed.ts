import type { IncomingMessage } from 'node:http'

import type { Attributes } from '@opentelemetry/api'

const REDACTED = 'REDACTED'

/**
 * Removes path and query from the spans of requests, because they hold input of customers, such as tracking numbers and
 * search words. `http.route` still names the page. It is a separate module, because `telemetry.ts` must not import Fastify
 * before the instrumentations have started.
 */
export function hideWhatWasTyped({ url }: IncomingMessage): Attributes {
  return {
    'url.path': REDACTED,
    ...(url?.includes('?') === true && { 'url.query': REDACTED }),
  }
}
