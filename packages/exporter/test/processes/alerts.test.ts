import { readFileSync } from 'node:fs'

import { startOtlpReceiver, type Attributes, type OtlpReceiver } from '@querylens/tool-otlp-receiver'
import { createDatabase, type TestDatabase } from '@querylens/tool-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runApplication } from './support/run-application.js'

/** The labels of a time series, with its name as `__name__`. */
type Series = Readonly<Record<string, string>>

const ALERTS = readFileSync(
  new URL('../../../../examples/jaeger/alerts.yaml', import.meta.url),
  'utf8',
).replaceAll(/^\s*#.*$/gm, '')
/** What the Collector makes labels of spans of: `span_metrics.dimensions` in collector.yaml. */
const DIMENSIONS = ['querylens.n_plus_one.detected', 'querylens.scope.name', 'service.version']

let receiver: OtlpReceiver
let database: TestDatabase
let series: readonly Series[]

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  database = await createDatabase(process.env['QUERYLENS_TEST_DATABASE_URL'] ?? '')
  const client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  await client.query('create table orders as select n as id from generate_series(1, 5) n')
  await client.query('create table items as select n as id, n as order_id from generate_series(1, 5) n')
  await client.end()
  await runApplication(
    receiver,
    {
      file: 'shop',
      framework: 'fastify',
      modules: 'ES modules',
      instrumentations: 'http,pg',
      environment: { DATABASE_URL: database.connectionString, OTEL_SERVICE_NAME: 'shop' },
    },
    [{ path: '/orders/4711' }, { path: '/timeouts' }],
  )
  series = [...spanSeries(), ...metricSeries()]
})
afterAll(async () => {
  await database.drop()
  await receiver.stop()
})

describe('alerts.yaml', () => {
  it.each(selectorsOf(ALERTS))('finds what an application sends: %s', (selector) => {
    expect(series.filter((each) => matches(each, selector))).not.toEqual([])
  })

  it.each(labelsOf(ALERTS))('groups by a label that an application sends: %s', (label) => {
    expect(series.some((each) => label in each)).toBe(true)
  })

  it('joins requests and their queries by name', () => {
    const requests = new Set(series.flatMap((each) => (isOf(each, 'SERVER') ? [each['span_name']] : [])))
    const scopes = new Set(
      series.flatMap((each) => (isOf(each, 'CLIENT') ? (each['querylens_scope_name'] ?? []) : [])),
    )
    expect(requests).toEqual(new Set(['GET /orders/:id', 'GET /timeouts']))
    expect(scopes).toEqual(requests)
  })

  it('names the request and the query of a loop', () => {
    const loops = series.filter((each) =>
      matches(
        each,
        'traces_span_metrics_calls_total{span_kind="SPAN_KIND_CLIENT", querylens_n_plus_one_detected="true"}',
      ),
    )
    expect(loops).toMatchObject([{ querylens_scope_name: 'GET /orders/:id', span_name: 'select items' }])
  })

  it('counts no query of instrumentation-pg, which measures the same under the same names', () => {
    const durations = receiver.metrics.filter(({ name }) => name === 'db.client.operation.duration')
    expect(durations.map(({ scope }) => scope.name).toSorted()).toEqual([
      '@opentelemetry/instrumentation-pg',
      '@querylens/exporter',
    ])
    for (const { scope, dataPoints } of durations) {
      const summaries = dataPoints.map(({ attributes }) => attributes['db.query.summary'] !== undefined)
      expect(new Set(summaries)).toEqual(new Set([scope.name === '@querylens/exporter']))
    }
  })
})

/** What the Collector counts of spans. */
function spanSeries(): Series[] {
  return receiver.spans.flatMap(({ name, kind, attributes, resource }) => {
    const labels = {
      service_name: String(resource['service.name']),
      span_name: name,
      span_kind: `SPAN_KIND_${kind}`,
      ...toLabels(attributes, (key) => DIMENSIONS.includes(key)),
    }
    return ['calls_total', 'duration_milliseconds_bucket', 'duration_milliseconds_sum'].map((suffix) => ({
      ...labels,
      __name__: `traces_span_metrics_${suffix}`,
    }))
  })
}

/** The application's own metrics, with the names that Prometheus gives them. The Collector drops those of `instrumentation-pg`. */
function metricSeries(): Series[] {
  return receiver.metrics
    .filter(({ scope }) => scope.name === '@querylens/exporter')
    .flatMap(({ name, unit, type, monotonic, dataPoints, resource }) => {
      const base = `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}`
      const names =
        type === 'histogram'
          ? ['_bucket', '_sum', '_count'].map((suffix) => base + suffix)
          : [monotonic === true ? `${base}_total` : base]
      return dataPoints.flatMap(({ attributes }) =>
        names.map((__name__) => ({
          ...toLabels(attributes),
          service_name: String(resource['service.name']),
          __name__,
        })),
      )
    })
}

function toLabels(attributes: Attributes, isWanted: (key: string) => boolean = () => true): Series {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([key]) => isWanted(key))
      .map(([key, value]) => [key.replaceAll('.', '_'), String(value)]),
  )
}

const isOf = ({ __name__, span_kind }: Series, kind: string): boolean =>
  __name__ === 'traces_span_metrics_calls_total' && span_kind === `SPAN_KIND_${kind}`

/** The metrics that the rules name, with their conditions. */
function selectorsOf(rules: string): string[] {
  const found = rules.matchAll(
    /\b(?:traces_span_metrics|db_client)_\w*(?:_bucket|_sum|_count|_total|_requests)\b(?:\{[^}]*\})?/g,
  )
  return [...new Set(Array.from(found, ([selector]) => selector))]
}

/** The labels that they group by; `le` is that of the bounds of a histogram. */
function labelsOf(rules: string): string[] {
  const found = rules.matchAll(/\bby \(([^)]*)\)/g)
  return [...new Set(Array.from(found, ([, labels = '']) => labels.split(/,\s*/)).flat())].filter(
    (label) => label !== 'le',
  )
}

/** A condition of a template has a `%q`, which stands for any value. */
function matches(labels: Series, selector: string): boolean {
  const [name = '', conditions = ''] = selector.split(/[{}]/)
  return (
    labels['__name__'] === name &&
    Array.from(conditions.matchAll(/(\w+)(!?=)(?:"([^"]*)"|%q)/g)).every(
      ([, label = '', operator, value]) => {
        const held = labels[label] ?? ''
        if (value === undefined) return held !== ''
        return operator === '=' ? held === value : held !== value
      },
    )
  )
}
