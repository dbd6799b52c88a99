import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import { SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { runInScope } from '@querylens/core'
import { openCapture, type CaptureObserver } from '@querylens/core/internal'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSqliteDatabase } from '../../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation } from '../../src/index.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

let telemetry: TestTelemetry
let instrumentation: QuerylensInstrumentation
let db: Kysely<unknown>

beforeEach(async () => {
  telemetry = createTestTelemetry()
  registerTelemetry(telemetry)
  instrumentation = new QuerylensInstrumentation()
  db = new Kysely(querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }))
  await sql`create table pets (id integer, name text)`.execute(db)
  await sql`insert into pets values (1, 'Rex')`.execute(db)
})
afterEach(async () => {
  instrumentation.disable()
  await db.destroy()
  unregisterTelemetry()
})

/** Sends a request from a capture to a server that runs already. */
async function capture(handler: RequestListener): Promise<void> {
  const server = createServer(handler)
  await once(server.listen(0), 'listening')
  const { port } = server.address() as AddressInfo
  const observer: CaptureObserver = { queryStarts() {}, queryEnds() {}, refused() {} }
  const open = openCapture('the test', 'test', observer, {})
  await open.run(async () => await (await fetch(`http://localhost:${port}/tables`)).text())
  await open.settle(1_000)
  open.end()
  server.close()
  server.closeAllConnections()
}

async function duplicate(): Promise<void> {
  for (let times = 0; times < 6; times++) {
    await sql`select name from pets where id = ${1}`.execute(db)
  }
}

const spanWhere = (is: (span: ReadableSpan) => boolean): ReadableSpan => {
  const span = telemetry.spans.find(is)
  return span ?? expect.fail(`no such span: ${telemetry.spans.map(({ name }) => name).join(', ')}`)
}

describe('the finding of a request that a capture follows', () => {
  it('is on the span of the request, a trace of its own', async () => {
    await capture((_request, response) => void duplicate().then(() => response.end()))
    const request = spanWhere(({ kind }) => kind === SpanKind.SERVER)
    expect(request.parentSpanContext).toBeUndefined()
    expect(request.attributes).toHaveProperty(['querylens.finding.kinds'], ['duplicate_query'])
    expect(telemetry.spans.map(({ name }) => name)).not.toContain('the test')
  })

  it('is on the span that another instrumentation has made', async () => {
    await capture((_request, response) => {
      trace.getTracer('other').startActiveSpan('other', { root: true }, (span) => {
        void duplicate().then(() => {
          span.end()
          response.end()
        })
      })
    })
    const other = spanWhere(({ name }) => name === 'other')
    expect(other.attributes).toHaveProperty(['querylens.finding.kinds'], ['duplicate_query'])
  })
})

describe('a job in a capture', () => {
  it('is a trace of its own, as outside a capture', async () => {
    const observer: CaptureObserver = { queryStarts() {}, queryEnds() {}, refused() {} }
    const open = openCapture('the test', 'test', observer, {})
    await open.run(() => runInScope('job', duplicate))
    open.end()
    const job = spanWhere(({ name }) => name === 'job')
    expect(job.parentSpanContext).toBeUndefined()
    expect(job.attributes).toHaveProperty(['querylens.finding.kinds'], ['duplicate_query'])
    expect(telemetry.spans.filter(({ parentSpanContext }) => parentSpanContext === undefined)).toContain(job)
    expect(telemetry.spans.map(({ name }) => name)).not.toContain('the test')
  })
})
