import { context, SpanKind, trace } from '@opentelemetry/api'
import { QuerylensInstrumentation } from '@querylens/exporter'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, type AbortableOperationOptions, type CompiledQuery } from 'kysely'
import { observeDialect } from 'kysely-opentelemetry'

import { stubDialect } from './stub-dialect.ts'
import { inRequest, providersOf, type TelemetryState } from './telemetry.ts'

/** One way to run a query, in one state of OpenTelemetry. */
export interface Subject {
  readonly name: string
  /** Runs `measure(query)` with the instrumentation of this subject alone. */
  run(measure: (query: () => Promise<unknown>) => Promise<number>): Promise<number>
}

/** How the application calls Kysely: as usual, or with a signal, for which Kysely takes a longer way. */
export type Call = 'plain' | 'with a signal'

interface Database {
  orders: { id: number; customer_id: number; status: string }
}

const compiled: CompiledQuery = new Kysely<Database>({ dialect: stubDialect })
  .selectFrom('orders')
  .select(['id', 'status'])
  .where('customer_id', '=', 4711)
  .orderBy('id')
  .limit(20)
  .compile()

/** A signal that lives as long as the process, such as one for its shutdown. */
const SHUTDOWN: AbortableOperationOptions = { signal: new AbortController().signal }

const CONNECTION = { host: 'localhost', port: 5432, database: 'shop' }

/** Kysely without instrumentation, inside the same request as the other subjects. */
export function bareKysely(state: TelemetryState, call: Call = 'plain'): Subject {
  const db = new Kysely<Database>({ dialect: stubDialect })
  return {
    name: nameOf('bare Kysely', state, call),
    run: (measure) => inRequest(state, () => measure(queryOf(db, call))),
  }
}

/** Querylens with its OpenTelemetry instrumentation. */
export function querylensKysely(state: TelemetryState, call: Call = 'plain'): Subject {
  const db = new Kysely<Database>(querylens({ dialect: stubDialect }, { connection: CONNECTION }))
  const instrumentation = new QuerylensInstrumentation({ enabled: false })
  const { tracerProvider, meterProvider } = providersOf(state)
  if (tracerProvider !== undefined) instrumentation.setTracerProvider(tracerProvider)
  if (meterProvider !== undefined) instrumentation.setMeterProvider(meterProvider)
  return {
    name: nameOf('Querylens', state, call),
    async run(measure) {
      instrumentation.enable()
      try {
        return await inRequest(state, () => measure(queryOf(db, call)))
      } finally {
        instrumentation.disable()
      }
    },
  }
}

/** Querylens without subscribers. */
export function unsubscribedQuerylens(): Subject {
  const db = new Kysely<Database>(querylens({ dialect: stubDialect }, { connection: CONNECTION }))
  return { name: 'Querylens, no subscribers', run: (measure) => measure(() => db.executeQuery(compiled)) }
}

/** `kysely-opentelemetry` with its defaults. */
export function peerKysely(state: TelemetryState, call: Call = 'plain'): Subject {
  const { tracerProvider, meterProvider } = providersOf(state)
  const db = new Kysely<Database>({
    dialect: observeDialect(stubDialect, {
      namespace: CONNECTION.database,
      serverAddress: CONNECTION.host,
      serverPort: CONNECTION.port,
      ...(tracerProvider && { tracerProvider }),
      ...(meterProvider && { meterProvider }),
    }),
  })
  return {
    name: nameOf('kysely-opentelemetry', state, call),
    run: (measure) => inRequest(state, () => measure(queryOf(db, call))),
  }
}

/** One hand-written span around the query, with the attributes of the span of Querylens. */
export function handWrittenSpan(): Subject {
  const db = new Kysely<Database>({ dialect: stubDialect })
  const tracer = providersOf('recording').tracerProvider!.getTracer('hand-written')
  const query = async (): Promise<unknown> => {
    const span = tracer.startSpan('select orders', {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': 'shop',
        'server.address': 'localhost',
        'db.operation.name': 'select',
        'db.query.summary': 'select orders',
        'db.query.text': compiled.sql,
      },
    })
    try {
      const result = await context.with(trace.setSpan(context.active(), span), () =>
        db.executeQuery(compiled),
      )
      span.setAttribute('querylens.query.fingerprint', 'q1:0123456789abcdef')
      span.setAttribute('db.response.returned_rows', result.rows.length)
      span.setAttribute('querylens.connection.wait_time', 0.000_01)
      return result
    } finally {
      span.end()
    }
  }
  return {
    name: 'hand-written span, recording',
    run: (measure) => inRequest('recording', () => measure(query)),
  }
}

function queryOf(db: Kysely<Database>, call: Call): () => Promise<unknown> {
  return call === 'plain' ? () => db.executeQuery(compiled) : () => db.executeQuery(compiled, SHUTDOWN)
}

function nameOf(subject: string, state: TelemetryState, call: Call): string {
  return call === 'plain' ? `${subject}, ${state}` : `${subject}, ${state}, ${call}`
}
