import { basename } from 'node:path'

import { diag, trace } from '@opentelemetry/api'
import { channels, runInScope, type Finding } from '@querylens/core'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'

import {
  attributesUnder,
  eventsOf,
  guessAuthors,
  inSpan,
  kindsOf,
  listPosts,
  LOOP_FILE,
  LOOP_LINE,
  openBlog,
  request,
  ROWS,
  unsampled,
} from '../support/blog.js'
import { captureDiag } from '../support/telemetry.js'

const LOOP_CALL_SITE = `listPosts (${LOOP_FILE}:${LOOP_LINE})`
const LOOP_BRIEF = `N+1: ${ROWS}x select comments at ${basename(LOOP_FILE)}:${LOOP_LINE}; `

const blog = await openBlog()
const { db } = blog

describe('the span around a loop', () => {
  it('has the final figures', async () => {
    await request(() => listPosts(db))
    const source = await blog.only('select posts')
    const span = await blog.only('request')
    expect(span.attributes).toEqual({
      'querylens.finding.kinds': ['n_plus_one'],
      'querylens.n_plus_one.detected': true,
      'querylens.n_plus_one.count': ROWS,
      'querylens.n_plus_one.distinct': ROWS,
      'querylens.n_plus_one.duration': expect.any(Number) as number,
      'querylens.n_plus_one.source.summary': 'select posts',
      'querylens.n_plus_one.source.span_id': source.spanId,
      'querylens.n_plus_one.source.column': 'id',
      'querylens.n_plus_one.suggestion': expect.stringContaining(
        `.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))`,
      ) as string,
      'querylens.n_plus_one.call_site': LOOP_CALL_SITE,
    })
    const [event, ...others] = span.events
    expect(others).toEqual([])
    expect(event).toMatchObject({
      name: 'querylens.finding',
      attributes: {
        'querylens.finding.kind': 'n_plus_one',
        'querylens.finding.severity': expect.stringMatching(/^(low|medium|high)$/) as string,
        'querylens.finding.evidence': 'proven',
        'querylens.finding.brief': LOOP_BRIEF + String(span.attributes['querylens.n_plus_one.suggestion']),
        'querylens.finding.source': 'select posts',
        'querylens.finding.call_site': LOOP_CALL_SITE,
        'querylens.finding.suggestion': span.attributes['querylens.n_plus_one.suggestion'],
        'querylens.finding.count': ROWS,
      },
    })
    expect(Object.keys(event?.attributes ?? {})).toHaveLength(8)
    expect(span.links).toEqual([])
  })

  it('has the duration of the loop in seconds', async () => {
    await request(() => listPosts(db))
    const repeats = await blog.spans('select comments')
    const nanos = repeats.reduce((sum, { startTime, endTime }) => sum + Number(endTime - startTime), 0)
    const span = await blog.only('request')
    expect(span.attributes['querylens.n_plus_one.duration']).toBeCloseTo(nanos / 1e9, 4)
  })

  it('counts overlapping queries once in the duration', async () => {
    await request(async () => {
      const posts = await db.selectFrom('posts').select('id').execute()
      await Promise.all(
        posts.map(({ id }) =>
          sql`select pg_sleep(0.02), body from comments where post_id = ${id}`.execute(db),
        ),
      )
    })
    const repeats = await blog.spans('select comments')
    const nanos = repeats.reduce((sum, { startTime, endTime }) => sum + Number(endTime - startTime), 0)
    const span = await blog.only('request')
    const duration = Number(span.attributes['querylens.n_plus_one.duration'])
    expect(duration).toBeGreaterThanOrEqual(0.02)
    expect(duration).toBeLessThanOrEqual(Number(span.endTime - span.startTime) / 1e9)
    expect(duration).toBeLessThan(nanos / 1e9 - 0.02)
  })

  it('has the event at the time of the query that reaches the limit', async () => {
    await request(() => listPosts(db))
    const [, crossing] = await blog.spans('select comments')
    const [event] = eventsOf(await blog.only('request'))
    expect(event?.time).toBeGreaterThanOrEqual((crossing?.startTime ?? 0n) - 1_000n)
    expect(event?.time).toBeLessThanOrEqual(crossing?.endTime ?? 0n)
  })

  it('has the figures so far where it ends before the scope', async () => {
    await runInScope('job', async () => {
      await inSpan('step', () => listPosts(db))
      await inSpan('later', () => db.selectFrom('authors').selectAll().execute())
      await db.selectFrom('comments').selectAll().where('post_id', '=', 0).execute()
    })
    const span = await blog.only('step')
    expect(span.attributes['querylens.n_plus_one.count']).toBe(ROWS)
    expect(eventsOf(span).map(({ attributes }) => attributes['querylens.finding.brief'])).toEqual([
      expect.stringContaining(LOOP_BRIEF.replace('N+1:', 'N+1 so far:')) as string,
    ])
    expect((await blog.only('later')).attributes).toEqual({})
  })

  it('has the final figures where its end method was bound before', async () => {
    await trace.getTracer('application').startActiveSpan('bound', async (span) => {
      const end = span.end.bind(span)
      await runInScope('bound', () => listPosts(db)).finally(end)
    })
    const span = await blog.only('bound')
    expect(span.attributes['querylens.n_plus_one.count']).toBe(ROWS)
    expect(eventsOf(span)).toHaveLength(1)
  })

  it('has the figures so far where its end method was bound before', async () => {
    const warnings = captureDiag()
    await runInScope('job', () =>
      trace.getTracer('application').startActiveSpan('bound', async (span) => {
        const end = span.end.bind(span)
        await listPosts(db)
        end()
      }),
    )
    diag.disable()
    // Querylens does not write to a span that has ended.
    expect(warnings).toEqual([])
    const span = await blog.only('bound')
    expect(span.attributes['querylens.n_plus_one.count']).toBe(ROWS)
    expect(eventsOf(span)).toHaveLength(1)
  })

  it('has an event for each of several loops, and the attributes of the worst', async () => {
    await request(async () => {
      await listPosts(db)
      await guessAuthors(db, 50)
    })
    const span = await blog.only('request')
    expect(eventsOf(span).map(({ attributes }) => attributes['querylens.finding.count'])).toEqual([ROWS, 50])
    expect(kindsOf(span)).toEqual(['n_plus_one'])
    expect(attributesUnder(span, 'querylens.n_plus_one.')).toEqual({
      'querylens.n_plus_one.detected': true,
      'querylens.n_plus_one.count': 50,
      'querylens.n_plus_one.distinct': 50,
      'querylens.n_plus_one.duration': expect.any(Number) as number,
      'querylens.n_plus_one.suggestion': expect.any(String) as string,
      'querylens.n_plus_one.call_site': expect.stringMatching(/^guessAuthors \(/) as string,
    })
  })

  it('has the attributes of the more severe loop, not of the longer one', async () => {
    await request(async () => {
      const posts = await db.selectFrom('posts').select('id').execute()
      for (const { id } of posts) {
        await sql`select pg_sleep(0.1), c.id from comments as c where c.post_id = ${id}`.execute(db)
      }
      await guessAuthors(db, 9)
    })
    const span = await blog.only('request')
    const [slow, frequent] = eventsOf(span).map(({ attributes }) => attributes['querylens.finding.severity'])
    expect(slow).toBe('high')
    expect(frequent).not.toBe('high')
    expect(span.attributes['querylens.n_plus_one.count']).toBe(ROWS)
  })

  it('has no attributes left of another scope’s loop', async () => {
    await inSpan('batch', async () => {
      await runInScope('first', () => listPosts(db))
      await runInScope('second', () => guessAuthors(db, 50))
      await runInScope('third', () => listPosts(db))
    })
    const span = await blog.only('batch')
    expect(eventsOf(span)).toHaveLength(3)
    expect(span.attributes).toMatchObject({
      'querylens.n_plus_one.count': 50,
      'querylens.n_plus_one.source.summary': '',
      'querylens.n_plus_one.source.span_id': '',
    })
  })

  it('has loops that write, too', async () => {
    await request(async () => {
      const posts = await db.selectFrom('posts').select('id').execute()
      for (const { id } of posts)
        await db.updateTable('comments').set({ body: 'x' }).where('post_id', '=', id).execute()
    })
    const span = await blog.only('request')
    expect(kindsOf(span)).toEqual(['n_plus_one_write'])
    expect(span.attributes['querylens.n_plus_one.count']).toBe(ROWS)
  })
})

describe('the span of the query that reaches the limit', () => {
  it('has the final figures, the line in the code and a link to the source', async () => {
    await request(() => listPosts(db))
    const source = await blog.only('select posts')
    const [first, crossing, ...others] = await blog.spans('select comments')
    expect(crossing?.attributes).toMatchObject({
      'querylens.finding.kinds': ['n_plus_one'],
      'querylens.n_plus_one.detected': true,
      'querylens.n_plus_one.count': ROWS,
      'querylens.n_plus_one.call_site': LOOP_CALL_SITE,
      'querylens.n_plus_one.source.span_id': source.spanId,
      'code.file.path': LOOP_FILE,
      'code.line.number': LOOP_LINE,
      'code.function.name': 'listPosts',
      'db.query.summary': 'select comments',
    })
    expect(crossing?.events).toMatchObject([
      {
        name: 'querylens.finding',
        attributes: {
          'querylens.finding.brief': expect.stringContaining(LOOP_BRIEF) as string,
        },
      },
    ])
    expect(crossing?.links).toEqual([
      {
        traceId: source.traceId,
        spanId: source.spanId,
        attributes: { 'querylens.link.type': 'n_plus_one.source' },
      },
    ])
    for (const span of [source, first, ...others]) {
      expect(span?.events).toEqual([])
      expect(span?.links).toEqual([])
      expect(
        span === undefined
          ? []
          : [
              ...Object.keys(attributesUnder(span, 'querylens.n_plus_one.')),
              ...Object.keys(attributesUnder(span, 'code.')),
            ],
      ).toEqual([])
    }
    expect(others).toHaveLength(ROWS - 2)
  })

  it('has the end time of the query, although it ends with the scope', async () => {
    await request(async () => {
      await listPosts(db)
      await sql`select pg_sleep(0.2)`.execute(db)
    })
    const [, crossing, next] = await blog.spans('select comments')
    expect(crossing?.endTime).toBeLessThanOrEqual(next?.startTime ?? 0n)
    const arrived = blog.receiver.spans.map(({ spanId }) => spanId)
    expect(arrived.indexOf(crossing?.spanId ?? '')).toBeGreaterThan(arrived.indexOf(next?.spanId ?? ''))
  })

  it('has no link without a proven source, and none to an unrecorded span', async () => {
    await request(() => guessAuthors(db, 5))
    await request(async () => {
      const posts = await unsampled(() => db.selectFrom('posts').select('id').execute())
      for (const { id } of posts)
        await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    })
    const crossing = (await blog.flush().then(() => blog.receiver.spans)).filter(
      (span) => eventsOf(span).length > 0 && span.kind === 'CLIENT',
    )
    expect(crossing.map(({ name }) => name)).toEqual(['select authors', 'select comments'])
    expect(crossing.map(({ links }) => links)).toEqual([[], []])
    expect(crossing[1]?.attributes).toMatchObject({ 'querylens.n_plus_one.source.summary': 'select posts' })
    expect(crossing[1]?.attributes).not.toHaveProperty(['querylens.n_plus_one.source.span_id'])
  })

  it('is known to other subscribers', async () => {
    const references: unknown[] = []
    const listen = ({ execution }: Finding): void => void references.push(execution?.spanContext?.spanId)
    channels.finding.subscribe(listen)
    await request(() => listPosts(db))
    channels.finding.unsubscribe(listen)
    const [, crossing] = await blog.spans('select comments')
    expect(references).toEqual([crossing?.spanId])
  })
})

describe('a loop in a transaction', () => {
  it('marks the transaction and the span around it', async () => {
    await request(() => db.transaction().execute((trx) => listPosts(trx)))
    for (const name of ['transaction', 'request']) {
      const span = await blog.only(name)
      expect(span.attributes, name).toMatchObject({
        'querylens.n_plus_one.count': ROWS,
        'querylens.n_plus_one.call_site': LOOP_CALL_SITE,
      })
      expect(
        eventsOf(span).map(({ attributes }) => attributes['querylens.finding.count']),
        name,
      ).toEqual([ROWS])
    }
    expect((await blog.only('transaction')).attributes['querylens.transaction.outcome']).toBe('committed')
  })

  it('marks the span that the application opens inside, and not the transaction', async () => {
    await request(() => db.transaction().execute((trx) => inSpan('step', () => listPosts(trx))))
    expect((await blog.only('step')).attributes['querylens.n_plus_one.count']).toBe(ROWS)
    expect(kindsOf(await blog.only('transaction'))).toBeUndefined()
    expect(kindsOf(await blog.only('request'))).toEqual(['n_plus_one'])
  })
})
