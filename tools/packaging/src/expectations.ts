import assert from 'node:assert/strict'

import type { Origin, OtlpReceiver, ReceivedSpan } from '@querylens/tool-otlp-receiver'

/** The signal that reports the error of a statement. */
export type ExceptionSignal = 'span event' | 'log event'

const SCOPE = '@querylens/exporter'
const DURATION_BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
/** The statements of the consumer's workload, by span name, in order. */
const STATEMENTS = ['insert person', 'update person', 'select person', 'select nowhere']

/** Checks all telemetry of the consumer's workload. */
export function expectTelemetry(
  { spans, metrics, logs }: OtlpReceiver,
  expected: { readonly version: string; readonly exceptions: ExceptionSignal },
): void {
  const ours = spans.filter((span) => span.scope.name === SCOPE)
  for (const span of ours) expectOrigin(span, expected.version)

  const request = only(spans, 'handle request')
  const transaction = only(ours, 'transaction')
  assert.equal(transaction.kind, 'INTERNAL', 'kind of the transaction')
  assert.equal(transaction.parentSpanId, request.spanId, 'the transaction is a child of the request')
  assert.equal(transaction.attributes['db.system.name'], 'sqlite', 'db.system.name of the transaction')

  const [insert, update, stream, failed] = STATEMENTS.map((name) => only(ours, name))
  for (const query of [insert, update, stream, failed] as ReceivedSpan[]) {
    assert.equal(query.kind, 'CLIENT', `kind of ${query.name}`)
    assert.equal(query.traceId, request.traceId, `trace of ${query.name}`)
    assert.equal(query.attributes['db.system.name'], 'sqlite', `db.system.name of ${query.name}`)
    assert.equal(query.attributes['db.namespace'], 'people', `db.namespace of ${query.name}`)
    const inTransaction = query === insert || query === update
    const parent = inTransaction ? transaction : request
    assert.equal(query.parentSpanId, parent.spanId, `${query.name} is a child of ${parent.name}`)
    assert.equal(query.status.code, query === failed ? 'ERROR' : 'UNSET', `status of ${query.name}`)
  }
  assert.ok(failed !== undefined)
  expectException(failed, logs, expected)
  assert.ok(stream !== undefined)
  expectLoop(
    ours.filter(({ name }) => name === 'select pet'),
    stream,
    request,
  )

  const duration = metrics.find((metric) => metric.name === 'db.client.operation.duration')
  assert.ok(duration, `no metric db.client.operation.duration, only ${namesOf(metrics)}`)
  expectOrigin(duration, expected.version)
  assert.equal(duration.unit, 's', 'unit of db.client.operation.duration')
  assert.equal(duration.type, 'histogram', 'type of db.client.operation.duration')
  for (const { explicitBounds } of duration.dataPoints) {
    assert.deepEqual(explicitBounds, DURATION_BOUNDS, 'bounds of db.client.operation.duration')
  }
  const summaries = duration.dataPoints.map(({ attributes }) =>
    String(attributes['db.query.summary']).toLowerCase(),
  )
  for (const name of STATEMENTS)
    assert.ok(summaries.includes(name), `no duration of ${name}: ${summaries.join(', ')}`)
}

/** The finding opens at the second repeat, because the rows of the stream prove the loop. */
function expectLoop(repeats: readonly ReceivedSpan[], source: ReceivedSpan, request: ReceivedSpan): void {
  const crossing = repeats[1]
  assert.ok(crossing, `a loop of two queries, not ${repeats.length}`)
  assert.deepEqual(
    crossing.links.map(({ traceId, spanId }) => [traceId, spanId]),
    [[source.traceId, source.spanId]],
    'links of the query that is one too many',
  )
  for (const span of [crossing, request]) {
    assert.equal(span.attributes['querylens.n_plus_one.count'], 2, `count of the loop on '${span.name}'`)
    const events = span.events.map(({ name }) => name)
    assert.deepEqual(events, ['querylens.finding'], `events of '${span.name}'`)
  }
}

function expectException(
  failed: ReceivedSpan,
  logs: OtlpReceiver['logs'],
  expected: { readonly version: string; readonly exceptions: ExceptionSignal },
): void {
  const events = failed.events.map((event) => event.name)
  if (expected.exceptions === 'span event') {
    assert.deepEqual(events, ['exception'], 'span events of the failed query')
    assert.ok(failed.events[0]?.attributes['exception.type'], 'exception.type of the span event')
    assert.equal(logs.length, 0, 'log records without an opt-in')
    return
  }
  assert.deepEqual(events, [], 'span events of the failed query with the opt-in to logs')
  assert.equal(logs.length, 1, 'log records of the failed query')
  const [log] = logs
  assert.ok(log)
  expectOrigin(log, expected.version)
  assert.equal(log.eventName, 'db.client.operation.exception', 'name of the log event')
  assert.equal(log.severityNumber, 13, 'severity number of the log event')
  assert.equal(log.severityText, 'WARN', 'severity of the log event')
  assert.ok(log.attributes['exception.type'], 'exception.type of the log event')
  assert.equal(log.traceId, failed.traceId, 'trace of the log event')
  assert.equal(log.spanId, failed.spanId, 'span of the log event')
}

function expectOrigin({ scope, resource }: Origin, version: string): void {
  assert.equal(scope.name, SCOPE, 'name of the instrumentation scope')
  assert.equal(scope.version, version, 'version of the instrumentation scope')
  assert.match(scope.schemaUrl ?? '', /^https:\/\/opentelemetry\.io\/schemas\/\d+\.\d+\.\d+$/, 'schema URL')
  assert.equal(resource['service.name'], 'consumer', 'service.name')
}

function only(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const [span, ...more] = spans.filter((candidate) => candidate.name.toLowerCase() === name)
  assert.ok(span, `no span '${name}', only ${namesOf(spans)}`)
  assert.equal(more.length, 0, `'${name}' came ${more.length + 1} times`)
  return span
}

function namesOf(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => `'${name}'`).join(', ') || 'nothing'
}
