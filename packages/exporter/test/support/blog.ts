import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

import { context, trace, TraceFlags } from '@opentelemetry/api'
import { diagnostics, runInScope, type ScopeOptions } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import {
  startOtlpReceiver,
  type OtlpReceiver,
  type ReceivedEvent,
  type ReceivedSpan,
} from '@querylens/tool-otlp-receiver'
import { createDatabase } from '@querylens/tool-postgres'
import { Kysely, PostgresDialect, sql, type Generated } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'

import { QuerylensInstrumentation } from '../../src/index.js'
import { startTelemetry } from '../../src/sdk/index.js'

/** The tables: six posts of three authors, each with a comment. */
export interface BlogTables {
  authors: { id: Generated<number>; name: string }
  posts: { id: Generated<number>; author_id: number; title: string }
  comments: { id: Generated<number>; post_id: number; body: string }
}

/** Number of posts, and so of the queries of a loop over them. */
export const ROWS = 6

/** An application with a real database and a real receiver of telemetry. */
export interface Blog {
  readonly db: Kysely<BlogTables>
  readonly connectionString: string
  readonly receiver: OtlpReceiver
  readonly instrumentation: QuerylensInstrumentation
  flush(): Promise<void>
  /** The spans of a name that have arrived, flushed before, in the order in which they began. */
  spans(name: string): Promise<readonly ReceivedSpan[]>
  only(name: string): Promise<ReceivedSpan>
}

/**
 * Opens a blog for the tests of a file, and registers an SDK for the whole process. After each test it restores the
 * instrumentation and expects that Querylens had no fault.
 */
export async function openBlog(): Promise<Blog> {
  const receiver = await startOtlpReceiver()
  const database = await createDatabase(process.env['QUERYLENS_TEST_DATABASE_URL'] ?? '')
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  })
  const { connectionString } = database
  const pool = new pg.Pool({ connectionString, max: 2 })
  const db = new Kysely<BlogTables>(
    querylens({ dialect: new PostgresDialect({ pool }) }, { connection: { database: 'blog' } }),
  )
  await fill(db)
  const instrumentation = new QuerylensInstrumentation()
  // In place of its own instrumentation, so that tests can configure it.
  const telemetry = startTelemetry({
    instrumentations: [instrumentation],
    querylens: { enabled: false },
    handleSignals: false,
  })
  const spans = async (name: string): Promise<readonly ReceivedSpan[]> => {
    await telemetry.flush()
    // A query span with a finding arrives last, with its final figures.
    return receiver.spans
      .filter((span) => span.name === name)
      .toSorted((left, right) => Number(left.startTime - right.startTime))
  }
  const faultsBefore = diagnostics().faults
  beforeEach(() => receiver.clear())
  afterEach(() => {
    instrumentation.setConfig({})
    instrumentation.enable()
    expect(diagnostics().faults).toBe(faultsBefore)
  })
  afterAll(async () => {
    await db.destroy()
    await telemetry.shutdown()
    await receiver.stop()
    await database.drop()
  })
  return {
    db,
    connectionString,
    receiver,
    instrumentation,
    flush: telemetry.flush,
    spans,
    async only(name) {
      const [span, ...others] = await spans(name)
      expect([span?.name, ...others]).toEqual([name])
      return span!
    },
  }
}

async function fill(db: Kysely<BlogTables>): Promise<void> {
  await sql`create table authors (id serial primary key, name text not null)`.execute(db)
  await sql`create table posts (id serial primary key, author_id integer not null, title text not null)`.execute(
    db,
  )
  await sql`create table comments (id serial primary key, post_id integer not null, body text not null)`.execute(
    db,
  )
  const numbers = Array.from({ length: ROWS }, (_, index) => index + 1)
  // Ids of authors and posts differ, so that each loop has one source only; each author wrote two posts.
  const posts = numbers.map((id) => ({
    id: 4_711_000 + id,
    author_id: Math.ceil(id / 2),
    title: `secret ${id}`,
  }))
  await db
    .insertInto('authors')
    .values(numbers.map((id) => ({ name: `name ${id}` })))
    .execute()
  await db.insertInto('posts').values(posts).execute()
  await db
    .insertInto('comments')
    .values(posts.map(({ id }) => ({ post_id: id, body: 'secret' })))
    .execute()
}

/** Runs work in a span of the application. */
export function inSpan<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return trace.getTracer('application').startActiveSpan(name, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
}

/** A scope below a span, as requests are: the span ends last. */
export function request(work: () => Promise<unknown>, options?: ScopeOptions): Promise<unknown> {
  return inSpan('request', () => runInScope('request', work, options))
}

/** Runs work below a span of a trace that is not sampled. */
export function unsampled<Result>(work: () => Result): Result {
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE }
  return context.with(trace.setSpan(context.active(), trace.wrapSpanContext(parent)), work)
}

/** A loop over rows, which is proven by them. */
export async function listPosts(db: Kysely<BlogTables>): Promise<void> {
  const posts = await db.selectFrom('posts').selectAll().orderBy('id').execute()
  for (const post of posts) {
    await db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute() // the loop
  }
}

const LINES = readFileSync(import.meta.filename, 'utf8').split('\n')
/** Where {@link listPosts} has its loop. */
export const LOOP_FILE: string = relative(process.cwd(), import.meta.filename)
/** Where {@link listPosts} has its loop. */
export const LOOP_LINE: number = LINES.findIndex((line) => line.endsWith('// the loop')) + 1

/** A loop that nothing proves, because no row has these names. */
export async function guessAuthors(db: Kysely<BlogTables>, times: number): Promise<void> {
  for (let guess = 0; guess < times; guess++) {
    await db.selectFrom('authors').select('id').where('name', '=', `guess ${guess}`).execute()
  }
}

/** The events of findings in a span. */
export function eventsOf({ events }: ReceivedSpan): readonly ReceivedEvent[] {
  return events.filter(({ name }) => name === 'querylens.finding')
}

/** The attributes of a span whose names begin with `prefix`. */
export function attributesUnder({ attributes }: ReceivedSpan, prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith(prefix)))
}

/** The kinds of the findings in a span. */
export function kindsOf(span: ReceivedSpan): unknown {
  return span.attributes['querylens.finding.kinds']
}
