import * as api from '@opentelemetry/api'
import type { Attributes, Context } from '@opentelemetry/api'

import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from '../version.js'

/** The part of a logger provider that Querylens uses. Both api 1.10 and `@opentelemetry/api-logs` have it. */
export interface LoggerProviderLike {
  getLogger(name: string, version?: string, options?: { readonly schemaUrl?: string }): LoggerLike
}

interface LoggerLike {
  /** Whether the logger emits such records; since api 1.10. */
  enabled?(options: { severityNumber?: number; eventName?: string }): boolean
  emit(record: LogEvent): void
}

/** Severities of the logs data model. */
export type LogSeverity = 'INFO' | 'WARN' | 'ERROR'

const SEVERITY_NUMBERS: Readonly<Record<LogSeverity, number>> = { INFO: 9, WARN: 13, ERROR: 17 }

interface LogEvent {
  readonly eventName: string
  readonly severityNumber: number
  readonly severityText: LogSeverity
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly body?: string
  readonly attributes: Attributes
  readonly context: Context
}

/** Writes log events, to the provider that is registered at the time of the event. */
export interface LogWriter {
  setLoggerProvider(provider: LoggerProviderLike): void
  /** @returns whether a logger took the event; without an SDK for logs there is none */
  emit(event: Omit<LogEvent, 'severityNumber' | 'severityText'>, severity: LogSeverity): boolean
}

/** Makes the writer for all log events of an instrumentation. */
export function createLogWriter(): LogWriter {
  let explicitProvider: LoggerProviderLike | undefined
  return {
    setLoggerProvider(provider) {
      explicitProvider = provider
    },
    emit(event, severity) {
      const severityNumber = SEVERITY_NUMBERS[severity]
      const provider = explicitProvider ?? globalLoggerProvider()
      const logger = provider?.getLogger(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
      const { eventName } = event
      if (logger === undefined || logger.enabled?.({ severityNumber, eventName }) === false) return false
      logger.emit({ ...event, severityNumber, severityText: severity })
      return true
    },
  }
}

/** The API has `logs` since 1.10; a named import would break with 1.9. */
function globalLoggerProvider(): LoggerProviderLike | undefined {
  const { logs } = api as { readonly logs?: { getLoggerProvider(): LoggerProviderLike } }
  return logs?.getLoggerProvider()
}
