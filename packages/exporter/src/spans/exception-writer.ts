import { context, trace, type Attributes, type Span } from '@opentelemetry/api'

import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import type { LogWriter } from '../logs/log-writer.js'

const EVENT_NAME = 'db.client.operation.exception'

/** The signals that an exception becomes. */
export interface ExceptionSignals {
  readonly spanEvents: boolean
  readonly logs: boolean
}

/**
 * Reads `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`: log events for `logs`, both for `logs/dup`, span events for anything else.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/
 */
export function exceptionSignals(optIn: string | undefined): ExceptionSignals {
  const values = (optIn ?? '').split(',').map((value) => value.trim())
  const both = values.includes('logs/dup')
  const logs = both || values.includes('logs')
  return { spanEvents: both || !logs, logs }
}

/** Writes the exceptions of failed operations. */
export interface ExceptionWriter {
  write(span: Span, error: ErrorDescription, timeMillis: number): void
}

/**
 * @param withMessages reads the option `errorMessages`
 */
export function createExceptionWriter(
  signals: ExceptionSignals,
  logs: LogWriter,
  withMessages: () => boolean,
): ExceptionWriter {
  return {
    write(span, error, timeMillis) {
      const attributes: Attributes = { [ATTR_EXCEPTION_TYPE]: error.exceptionType }
      if (withMessages()) attributes[ATTR_EXCEPTION_MESSAGE] = error.message
      if (error.stackFrames !== undefined) attributes[ATTR_EXCEPTION_STACKTRACE] = error.stackFrames
      const isLogged = signals.logs && emit(span, attributes, timeMillis)
      // Without an SDK for logs, an opt-in to logs must not lose exceptions.
      if (signals.spanEvents || !isLogged) span.addEvent('exception', attributes, timeMillis)
    },
  }

  function emit(span: Span, attributes: Attributes, timestamp: number): boolean {
    const ofSpan = trace.setSpan(context.active(), span)
    return logs.emit({ eventName: EVENT_NAME, timestamp, attributes, context: ofSpan }, 'WARN')
  }
}
