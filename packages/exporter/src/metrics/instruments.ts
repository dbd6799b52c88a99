import {
  createNoopMeter,
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
  type ObservableCallback,
} from '@opentelemetry/api'
import type { ConnectionUse } from '@querylens/core'

import {
  METRIC_DB_CLIENT_CONNECTION_COUNT,
  METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  METRIC_DB_CLIENT_CONNECTION_TIMEOUTS,
  METRIC_DB_CLIENT_CONNECTION_USE_TIME,
  METRIC_DB_CLIENT_CONNECTION_WAIT_TIME,
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_QUERYLENS_FINDINGS,
  METRIC_QUERYLENS_SCOPE_QUERY_COUNT,
} from '../attributes.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from '../version.js'

/** In seconds, as the conventions advise for `db.client.operation.duration`. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
/** From the statements of a usual page to those of a loop. */
const COUNT_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

/**
 * The metrics of the conventions and of Querylens. Only the pool knows its idle connections, so there is no count of them.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
export interface Instruments {
  readonly provider: MeterProvider
  /** Whether an SDK measures. */
  readonly measure: boolean
  readonly duration: Histogram
  readonly waitTime: Histogram
  readonly useTime: Histogram
  readonly timeouts: Counter
  readonly findings: Counter
  readonly scopeQueryCount: Histogram
  /** Removes the callbacks. */
  stop(): void
}

/** The state of a pool. The SDK reads it when it collects metrics, so it costs queries nothing. */
export interface Pool {
  readonly attributes: Attributes
  readonly usedAttributes: Attributes
  pending: number
  readonly used: Set<ConnectionUse>
}

/** @param pools by name; the callbacks read them at each collection */
export function createInstruments(provider: MeterProvider, pools: ReadonlyMap<string, Pool>): Instruments {
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
    findings: meter.createCounter(METRIC_QUERYLENS_FINDINGS, {
      description: 'The number of N+1 loops and other findings in scopes that have ended.',
      unit: '{finding}',
    }),
    scopeQueryCount: meter.createHistogram(METRIC_QUERYLENS_SCOPE_QUERY_COUNT, {
      description: 'The number of statements of a scope, for scopes with at least one.',
      unit: '{query}',
      advice: { explicitBucketBoundaries: COUNT_BUCKETS },
    }),
  }
}
