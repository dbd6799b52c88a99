import * as api from '@opentelemetry/api'
import type { Attributes, Context, Span } from '@opentelemetry/api'

import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from './attributes.js'
import type { ErrorDescription } from './error-description.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from './version.js'

/** The part of a logger provider that is used: that of api 1.10, and that of `@opentelemetry/api-logs` before it. */
export interface LoggerProviderLike {
  getLogger(name: string, version?: string, options?: { readonly schemaUrl?: string }): LoggerLike
}

interface LoggerLike {
  /** Whether anybody takes what is emitted; since api 1.10. */
  enabled?(options: { severityNumber?: number; eventName?: string }): boolean
  emit(record: {
    eventName?: string
    severityNumber?: number
    severityText?: string
    timestamp?: number
    attributes?: Attributes
    context?: Context
  }): void
}

/** `WARN` of the logs data model. */
const SEVERITY_WARN = 13
const EVENT_NAME = 'db.client.operation.exception'

/** Which signals an exception becomes. */
export interface ExceptionSignals {
  readonly spanEvents: boolean
  readonly logs: boolean
}

/**
 * Reads `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`: span events unless it says `logs` (log events instead) or
 * `logs/dup` (both).
 *
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/
 */
export function exceptionSignals(optIn: string | undefined): ExceptionSignals {
  const values = (optIn ?? '').split(',').map((value) => value.trim())
  const both = values.includes('logs/dup')
  const logs = both || values.includes('logs')
  return { spanEvents: both || !logs, logs }
}

/** Writes exceptions of failed operations. */
export interface ExceptionWriter {
  setLoggerProvider(provider: LoggerProviderLike): void
  write(span: Span, error: ErrorDescription, timeMillis: number): void
}

/**
 * @param withMessages reads the option `errorMessages` at the time of the error
 */
export function createExceptionWriter(
  signals: ExceptionSignals,
  withMessages: () => boolean,
): ExceptionWriter {
  let explicitProvider: LoggerProviderLike | undefined
  return {
    setLoggerProvider(provider) {
      explicitProvider = provider
    },
    write(span, error, timeMillis) {
      const attributes: Attributes = { [ATTR_EXCEPTION_TYPE]: error.exceptionType }
      if (withMessages()) attributes[ATTR_EXCEPTION_MESSAGE] = error.message
      if (error.stackFrames !== undefined) attributes[ATTR_EXCEPTION_STACKTRACE] = error.stackFrames
      const logger = signals.logs ? loggerOf(explicitProvider ?? globalLoggerProvider()) : undefined
      logger?.emit({
        eventName: EVENT_NAME,
        severityNumber: SEVERITY_WARN,
        severityText: 'WARN',
        timestamp: timeMillis,
        attributes,
        context: api.trace.setSpan(api.context.active(), span),
      })
      // Without an SDK for logs an opt-in to logs must not make exceptions vanish.
      if (signals.spanEvents || logger === undefined) span.addEvent('exception', attributes, timeMillis)
    },
  }
}

function loggerOf(provider: LoggerProviderLike | undefined): LoggerLike | undefined {
  const logger = provider?.getLogger(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
  const isHeard = logger?.enabled?.({ severityNumber: SEVERITY_WARN, eventName: EVENT_NAME }) ?? true
  return isHeard ? logger : undefined
}

/** Part of the API since 1.10; a named import of `logs` would break with 1.9. */
function globalLoggerProvider(): LoggerProviderLike | undefined {
  const { logs } = api as { readonly logs?: { getLoggerProvider(): LoggerProviderLike } }
  return logs?.getLoggerProvider()
}
