import { SpanKind, type Context } from '@opentelemetry/api'
import type { ConnectionUse } from '@querylens/core'

import { ATTR_QUERYLENS_CONNECTION_WAIT_TIME, ATTR_QUERYLENS_SCOPE_NAME } from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import { databaseAttributes } from '../operation-attributes.js'
import { toSeconds } from '../seconds.js'
import { recordError } from './record-error.js'
import type { SpanWriting } from './span-writing.js'

/**
 * Writes an INTERNAL span for a connection that the pool could not give: no statement ran whose span could show it, and
 * a trace must show an exhausted pool.
 */
export function writeFailedAcquisition(
  writing: SpanWriting,
  use: ConnectionUse,
  { error, active }: { readonly error: ErrorDescription; readonly active: Context },
): void {
  const waitMillis = use.waitMillis ?? 0
  const span = writing.tracer.startSpan(
    'acquire connection',
    {
      kind: SpanKind.INTERNAL,
      startTime: use.startTimeMillis,
      attributes: {
        ...databaseAttributes(use.database),
        [ATTR_QUERYLENS_CONNECTION_WAIT_TIME]: toSeconds(waitMillis),
        ...(use.scope !== undefined && { [ATTR_QUERYLENS_SCOPE_NAME]: use.scope.name }),
      },
    },
    active,
  )
  recordError(writing, span, error, use.startTimeMillis + waitMillis)
  span.end(use.startTimeMillis + waitMillis)
}
