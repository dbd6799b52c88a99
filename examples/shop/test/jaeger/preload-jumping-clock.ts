import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

import { clock } from '@querylens/core/internal'

const HOUR_MILLIS = 3_600_000
const { now } = Date
let offset = 0

Date.now = () => now() + offset
// Querylens takes a replaced `Date.now` for the fake of a test, and reads the real clock.
clock.wallMillis = Date.now

/** Each request of `/health` sets the clock: the first one back by an hour, the next one forward again. */
subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: IncomingMessage }
  if (request.url === '/health') offset = offset === 0 ? -HOUR_MILLIS : 0
})
