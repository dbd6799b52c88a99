import { metrics, type Attributes, type MeterProvider } from '@opentelemetry/api'
import type { ConnectionUse, Finding, QueryExecution, Scope } from '@querylens/core'

import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_DB_NAMESPACE,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_QUERYLENS_FINDING_KIND,
  ATTR_QUERYLENS_FINDING_SEVERITY,
  ATTR_QUERYLENS_SCOPE_NAME,
} from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import { createInstruments, type Instruments, type Pool } from './instruments.js'
import { operationAttributes } from '../operation-attributes.js'

/** Writes the metrics of operations, connections, findings and scopes. */
export interface MetricWriter {
  /** Reports no pools any more, until the next measurement. */
  stop(): void
  setMeterProvider(provider: MeterProvider): void
  operation(execution: QueryExecution, error: ErrorDescription | undefined): void
  /** {@link MetricWriter.acquisitionEnded} must follow. */
  acquisitionStarted(use: ConnectionUse): void
  acquisitionEnded(use: ConnectionUse, error: ErrorDescription | undefined): void
  /** Does nothing for a use whose acquisition it has not counted. */
  released(use: ConnectionUse): void
  /** Counts a finding that has closed. */
  finding(finding: Finding): void
  /** Measures a scope that has ended. */
  scope(scope: Scope): void
}

/**
 * Makes a writer. It makes its instruments at the first use, and makes them again until there is an SDK: OpenTelemetry has
 * no proxy for a meter provider that is registered later.
 */
export function createMetricWriter(): MetricWriter {
  let explicitProvider: MeterProvider | undefined
  let instruments: Instruments | undefined
  /** By name: pools of one name are one in the metrics, and applications make and drop pools for tenants. */
  const pools = new Map<string, Pool>()

  function current(): Instruments {
    if (instruments?.measure === true) return instruments
    const provider = explicitProvider ?? metrics.getMeterProvider()
    if (instruments?.provider !== provider) {
      instruments?.stop()
      instruments = createInstruments(provider, pools)
    }
    return instruments
  }

  function poolOf({ database: { poolName } }: ConnectionUse): Pool {
    let pool = pools.get(poolName)
    if (pool === undefined) {
      const attributes = { [ATTR_DB_CLIENT_CONNECTION_POOL_NAME]: poolName }
      const usedAttributes = { ...attributes, [ATTR_DB_CLIENT_CONNECTION_STATE]: 'used' }
      pool = { attributes, usedAttributes, pending: 0, used: new Set() }
      pools.set(poolName, pool)
    }
    return pool
  }

  function stop(): void {
    instruments?.stop()
    instruments = undefined
  }

  return {
    stop,
    setMeterProvider(provider) {
      // Registration passes the global provider, which the application may still replace.
      explicitProvider = provider === metrics.getMeterProvider() ? undefined : provider
      if (instruments?.provider !== provider) stop()
    },
    operation(execution, error) {
      const { forMetrics } = operationAttributes(execution.database, execution.shape)
      const attributes = error === undefined ? forMetrics : withError(forMetrics, error)
      current().duration.record((execution.durationMillis ?? 0) / 1_000, attributes)
    },
    acquisitionStarted(use) {
      // The metrics must show an exhausted pool before it has answered for the first time.
      current()
      poolOf(use).pending++
    },
    acquisitionEnded(use, error) {
      const pool = poolOf(use)
      const { used, attributes } = pool
      pool.pending--
      if (error === undefined) {
        used.add(use)
        current().waitTime.record((use.waitMillis ?? 0) / 1_000, attributes)
      } else if (isTimeout(error)) {
        current().timeouts.add(1, attributes)
      }
    },
    released(use) {
      const { used, attributes } = poolOf(use)
      if (used.delete(use)) current().useTime.record((use.useMillis ?? 0) / 1_000, attributes)
    },
    finding({ kind, severity, database }) {
      const attributes: Attributes = {
        [ATTR_QUERYLENS_FINDING_KIND]: kind,
        [ATTR_QUERYLENS_FINDING_SEVERITY]: severity,
      }
      if (database !== undefined) attributes[ATTR_DB_SYSTEM_NAME] = database.system
      if (database?.namespace !== undefined) attributes[ATTR_DB_NAMESPACE] = database.namespace
      current().findings.add(1, attributes)
    },
    scope({ name, isNamed, queryCount }) {
      // A scope that opened before this listener does not count.
      if (queryCount === undefined) return
      // Requests of a scanner are scopes, too, each with a name of its own. Most send no statement.
      if (queryCount === 0) return
      // Each word that a client puts into a path would become a time series.
      const label = isNamed ? name : name.replace(/ .*/, '')
      current().scopeQueryCount.record(queryCount, { [ATTR_QUERYLENS_SCOPE_NAME]: label })
    },
  }
}

function withError(attributes: Attributes, { type, statusCode }: ErrorDescription): Attributes {
  const failed: Attributes = { ...attributes, [ATTR_ERROR_TYPE]: type }
  if (statusCode !== undefined) failed[ATTR_DB_RESPONSE_STATUS_CODE] = statusCode
  return failed
}

/** Pools have no code for timeouts: pg-pool throws "timeout exceeded when trying to connect", tarn a TimeoutError. */
function isTimeout({ message, exceptionType }: ErrorDescription): boolean {
  return exceptionType === 'TimeoutError' || /time(?:d[ -]?)?out/i.test(message)
}
