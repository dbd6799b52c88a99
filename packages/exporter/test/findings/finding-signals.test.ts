import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { channels, diagnostics, runInScope } from '@querylens/core'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import {
  eventsOf,
  guessAuthors,
  kindsOf,
  listPosts,
  openBlog,
  request,
  ROWS,
  unsampled,
  type Blog,
} from '../support/blog.js'

let blog: Blog
let db: Blog['db']
const faultsBefore = diagnostics().faults

beforeAll(async () => {
  blog = await openBlog()
  db = blog.db
})
afterAll(() => blog.close())
beforeEach(() => blog.receiver.clear())
afterEach(() => {
  blog.instrumentation.setConfig({})
  blog.instrumentation.enable()
  expect(diagnostics().faults).toBe(faultsBefore)
})

describe('where nothing is recorded', () => {
  it('nothing is written, and nothing breaks', async () => {
    await unsampled(() => runInScope('unsampled', () => listPosts(db)))
    await blog.flush()
    expect(blog.receiver.spans).toEqual([])
    expect(blog.receiver.logs).toEqual([])
  })

  it('a unit of work without a span around it has one that tells, as its queries do', async () => {
    await runInScope('bare', () => listPosts(db))
    await blog.flush()
    expect(blog.receiver.spans.filter((span) => kindsOf(span) !== undefined)).toMatchObject([
      { name: 'select comments' },
      { name: 'bare' },
    ])
  })

  it('nobody looks for findings where they are switched off, until they are switched on', async () => {
    blog.instrumentation.setConfig({ exportFindings: false })
    expect(channels.finding.hasSubscribers).toBe(false)
    await request(() => listPosts(db))
    await blog.flush()
    expect(blog.receiver.spans).toHaveLength(ROWS + 2)
    expect(
      blog.receiver.spans.filter((span) => kindsOf(span) !== undefined || span.events.length > 0),
    ).toEqual([])
    blog.instrumentation.setConfig({})
    expect(channels.finding.hasSubscribers).toBe(true)
  })

  it('a disabled instrumentation listens to nothing', async () => {
    blog.instrumentation.disable()
    expect(channels.finding.hasSubscribers).toBe(false)
    expect(channels.scope.hasSubscribers).toBe(false)
    blog.instrumentation.setConfig({})
    expect(channels.finding.hasSubscribers).toBe(false)
    await request(() => listPosts(db))
    expect((await blog.only('request')).attributes).toEqual({})
  })
})

describe('log events', () => {
  it('are written on request, in the context of the query, with the final figures', async () => {
    await request(() => guessAuthors(db, 12))
    await blog.flush()
    expect(blog.receiver.logs).toEqual([])
    blog.instrumentation.setConfig({ findingLogs: true })
    blog.receiver.clear()
    await request(() => guessAuthors(db, 12))
    const crossing = (await blog.spans('select authors')).find((span) => eventsOf(span).length > 0)
    const [event] = eventsOf(await blog.only('request'))
    expect(blog.receiver.logs).toMatchObject([
      {
        eventName: 'querylens.finding',
        body: expect.stringMatching(
          /^12x select authors, with different parameters each time at guessAuthors \(/,
        ) as string,
        attributes: event?.attributes,
        traceId: crossing?.traceId,
        spanId: crossing?.spanId,
        time: event?.time,
        scope: { name: '@querylens/exporter' },
      },
    ])
    expect(event?.attributes['querylens.finding.count']).toBe(12)
  })

  it.each([5, 12, 50])('of a loop of %d have the severity of the finding', async (times) => {
    blog.instrumentation.setConfig({ findingLogs: true })
    await request(() => guessAuthors(db, times))
    await blog.flush()
    const [log] = blog.receiver.logs
    expect([log?.attributes['querylens.finding.severity'], log?.severityNumber, log?.severityText]).toBeOneOf(
      [
        ['low', 9, 'INFO'],
        ['medium', 13, 'WARN'],
        ['high', 17, 'ERROR'],
      ],
    )
    if (times === 50) expect(log?.severityText).toBe('ERROR')
  })

  it('of what has no query are in the context of the span around it', async () => {
    blog.instrumentation.setConfig({ findingLogs: true })
    await request(() => db.transaction().execute((trx) => sql`select pg_sleep(0.02)`.execute(trx)), {
      detect: { longTransaction: { durationMillis: 10 } },
    })
    const { spanId } = await blog.only('request')
    expect(blog.receiver.logs).toMatchObject([
      { spanId, attributes: { 'querylens.finding.kind': 'long_transaction' } },
    ])
  })
})

describe('metrics', () => {
  /** The latest point with these attributes; counters and histograms only grow. */
  async function point(
    name: string,
    attributes: object,
  ): Promise<{ value: number; count: number; sum: number }> {
    await blog.flush()
    const metric = blog.receiver.metrics.findLast((candidate) => candidate.name === name)
    const found = metric?.dataPoints.find(
      (each) => JSON.stringify(sorted(each.attributes)) === JSON.stringify(sorted(attributes)),
    )
    return { value: found?.value ?? 0, count: found?.count ?? 0, sum: found?.sum ?? 0 }
  }
  const sorted = (attributes: object): unknown => Object.entries(attributes).toSorted()

  it('count each finding once, by kind and final severity, also where nothing is recorded', async () => {
    const attributes = {
      'querylens.finding.kind': 'n_plus_one',
      'querylens.finding.severity': 'high',
      'db.system.name': 'postgresql',
      'db.namespace': 'blog',
    }
    const total = (): number =>
      blog.receiver.metrics
        .findLast(({ name }) => name === 'querylens.findings')!
        .dataPoints.reduce((sum, { value }) => sum + (value ?? 0), 0)
    const before = await point('querylens.findings', attributes)
    const totalBefore = total()
    await request(() => guessAuthors(db, 50))
    await unsampled(() => runInScope('unsampled', () => guessAuthors(db, 50)))
    const after = await point('querylens.findings', attributes)
    expect(after.value).toBe(before.value + 2)
    expect(total()).toBe(totalBefore + 2)
    expect(blog.receiver.metrics.findLast(({ name }) => name === 'querylens.findings')).toMatchObject({
      unit: '{finding}',
      type: 'sum',
      monotonic: true,
    })
  })

  it('measure how many statements a scope sends, if it sends any', async () => {
    await runInScope('thirty', () => guessAuthors(db, 30))
    await runInScope('none', async () => {})
    expect(await point('querylens.scope.query_count', { 'querylens.scope.name': 'thirty' })).toMatchObject({
      count: 1,
      sum: 30,
    })
    const metric = blog.receiver.metrics.findLast(({ name }) => name === 'querylens.scope.query_count')
    expect(metric).toMatchObject({ unit: '{query}', type: 'histogram' })
    expect(metric?.dataPoints[0]?.explicitBounds).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
    expect(metric?.dataPoints.map((each) => each.attributes['querylens.scope.name'])).not.toContain('none')
  })

  it('name a request without a route by its method: its path is what a client says', async () => {
    const server = createServer((_request, response) => {
      void guessAuthors(db, 1).finally(() => response.end())
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      for (const name of ['alice', 'bob']) {
        const response = await fetch(`http://127.0.0.1:${port}/${name}`)
        await response.arrayBuffer()
      }
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
    expect((await point('querylens.scope.query_count', { 'querylens.scope.name': 'GET' })).count).toBe(2)
    expect(
      JSON.stringify(blog.receiver.metrics, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toMatch(/alice|bob/)
  })
})

it('lets no value leave the process', async () => {
  blog.instrumentation.setConfig({ findingLogs: true })
  await request(async () => {
    await listPosts(db)
    await guessAuthors(db, 5)
  })
  await blog.flush()
  const said = [
    ...blog.receiver.spans.map(({ attributes, events, links }) => [
      attributes,
      events.map((event) => event.attributes),
      links.map((link) => link.attributes),
    ]),
    ...blog.receiver.logs.map(({ body, attributes }) => [body, attributes]),
  ]
  expect(JSON.stringify(said)).toContain('querylens.finding')
  expect(JSON.stringify(said)).not.toMatch(/secret|guess \d|\b471100\d\b/)
})
