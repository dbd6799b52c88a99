import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api'
import { callSiteOfError } from '@querylens/core/internal'

import { ATTR_CODE_FILE_PATH, ATTR_DB_RESPONSE_STATUS_CODE, ATTR_ERROR_TYPE } from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import { codeAttributes } from './code-attributes.js'
import type { SpanWriting } from './span-writing.js'

/** Marks a span as failed, by the conventions for database spans and for exceptions. */
export function recordError(
  { exceptions, options }: Pick<SpanWriting, 'exceptions' | 'options'>,
  span: Span,
  error: ErrorDescription,
  timeMillis: number,
): void {
  span.setAttribute(ATTR_ERROR_TYPE, error.type)
  writeErrorSite(span, error)
  if (error.statusCode !== undefined) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, error.statusCode)
  span.setStatus(
    options.errorMessages
      ? { code: SpanStatusCode.ERROR, message: error.message }
      : { code: SpanStatusCode.ERROR },
  )
  exceptions.write(span, error, timeMillis)
}

/** Writes where the error left the application, unless a finding has written where the query was sent. */
function writeErrorSite(span: Span & { readonly attributes?: Attributes }, error: ErrorDescription): void {
  if (error.stackFrames === undefined || span.attributes?.[ATTR_CODE_FILE_PATH] !== undefined) return
  const callSite = callSiteOfError(error.stackFrames)
  if (callSite !== undefined) span.setAttributes(codeAttributes(callSite))
}
