import {
  createNoopMeter,
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
  type ObservableCallback,
} from '@opentelemetry/api'
import type { ConnectionUse, QueryExecution } from '@querylens/core'

import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  METRIC_DB_CLIENT_CONNECTION_COUNT,
  METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  METRIC_DB_CLIENT_CONNECTION_TIMEOUTS,
  METRIC_DB_CLIENT_CONNECTION_USE_TIME,
  METRIC_DB_CLIENT_CONNECTION_WAIT_TIME,
  METRIC_DB_CLIENT_OPERATION_DURATION,
} from './attributes.js'
import type { ErrorDescription } from './error-description.js'
import { operationAttributes } from './operation-attributes.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from './version.js'

/** In seconds, as the conventions advise for `db.client.operation.duration`. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/**
 * The metrics of the conventions. There is no count of idle connections: only the pool knows it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
interface Instruments {
  readonly provider: MeterProvider
  /** Whether there is an SDK behind them. */
  readonly measure: boolean
  readonly duration: Histogram
  readonly waitTime: Histogram
  readonly useTime: Histogram
  readonly timeouts: Counter
  /** Takes the callbacks back. */
  stop(): void
}

/** What is known of a pool at any time; read when metrics are collected, which costs queries nothing. */
interface Pool {
  readonly attributes: Attributes
  readonly usedAttributes: Attributes
  pending: number
  readonly used: Set<ConnectionUse>
}

/** Writes the metrics of operations and of connections. */
export interface MetricWriter {
  /** Reports nothing of the pools any more, until the next measurement. */
  stop(): void
  setMeterProvider(provider: MeterProvider): void
  operation(execution: QueryExecution, error: ErrorDescription | undefined): void
  /** Each one is ended by {@link MetricWriter.acquisitionEnded}. */
  acquisitionStarted(use: ConnectionUse): void
  acquisitionEnded(use: ConnectionUse, error: ErrorDescription | undefined): void
  /** Does nothing for a use whose acquisition was not seen. */
  released(use: ConnectionUse): void
}

/**
 * Instruments are made at the first use, and again as long as they are for nothing: OpenTelemetry has no
 * meter provider that passes on to one that is registered later.
 */
export function createMetricWriter(): MetricWriter {
  let explicitProvider: MeterProvider | undefined
  let instruments: Instruments | undefined
  /** By name rather than by instance: pools of one name are one in the metrics, and tenants come and go. */
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
      // Registration hands out whatever is global at that time, which may still be replaced.
      explicitProvider = provider === metrics.getMeterProvider() ? undefined : provider
      if (instruments?.provider !== provider) stop()
    },
    operation(execution, error) {
      const { forMetrics } = operationAttributes(execution.database, execution.shape)
      const attributes = error === undefined ? forMetrics : withError(forMetrics, error)
      current().duration.record((execution.durationMillis ?? 0) / 1_000, attributes)
    },
    acquisitionStarted(use) {
      // An exhausted pool must show before it has answered for the first time.
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
  }
}

function createInstruments(provider: MeterProvider, pools: ReadonlyMap<string, Pool>): Instruments {
  const meter = provider.getMeter(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
  const seconds = { unit: 's', advice: { explicitBucketBoundaries: DURATION_BUCKETS } }
  const count = meter.createObservableUpDownCounter(METRIC_DB_CLIENT_CONNECTION_COUNT, {
    description: 'The number of connections that are currently in state described by the state attribute.',
    unit: '{connection}',
  })
  const pendingRequests = meter.createObservableUpDownCounter(METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS, {
    description: 'The number of current pending requests for an open connection.',
    unit: '{request}',
  })
  const observeCount: ObservableCallback = (result) => {
    for (const { used, usedAttributes } of pools.values()) result.observe(used.size, usedAttributes)
  }
  const observePending: ObservableCallback = (result) => {
    for (const { pending, attributes } of pools.values()) result.observe(pending, attributes)
  }
  count.addCallback(observeCount)
  pendingRequests.addCallback(observePending)
  return {
    stop() {
      count.removeCallback(observeCount)
      pendingRequests.removeCallback(observePending)
    },
    provider,
    measure: meter !== createNoopMeter(),
    duration: meter.createHistogram(METRIC_DB_CLIENT_OPERATION_DURATION, {
      description: 'Duration of database client operations.',
      ...seconds,
    }),
    waitTime: meter.createHistogram(METRIC_DB_CLIENT_CONNECTION_WAIT_TIME, {
      description: 'The time it took to obtain an open connection from the pool.',
      ...seconds,
    }),
    useTime: meter.createHistogram(METRIC_DB_CLIENT_CONNECTION_USE_TIME, {
      description: 'The time between borrowing a connection and returning it to the pool.',
      ...seconds,
    }),
    timeouts: meter.createCounter(METRIC_DB_CLIENT_CONNECTION_TIMEOUTS, {
      description:
        'The number of connection timeouts that have occurred trying to obtain a connection from the pool.',
      unit: '{timeout}',
    }),
  }
}

function withError(attributes: Attributes, { type, statusCode }: ErrorDescription): Attributes {
  const failed: Attributes = { ...attributes, [ATTR_ERROR_TYPE]: type }
  if (statusCode !== undefined) failed[ATTR_DB_RESPONSE_STATUS_CODE] = statusCode
  return failed
}

/** Pools have no code for it: pg-pool says "timeout exceeded when trying to connect", tarn has a TimeoutError. */
function isTimeout({ message, exceptionType }: ErrorDescription): boolean {
  return exceptionType === 'TimeoutError' || /time(?:d[ -]?)?out/i.test(message)
}
