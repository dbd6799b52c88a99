import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { channels, runInScope } from '@querylens/core'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'

import {
  eventsOf,
  guessAuthors,
  kindsOf,
  listPosts,
  openBlog,
  request,
  ROWS,
  unsampled,
} from '../support/blog.js'

const blog = await openBlog()
const { db } = blog

describe('spans of findings', () => {
  it('are missing in an unsampled trace', async () => {
    await unsampled(() => runInScope('unsampled', () => listPosts(db)))
    await blog.flush()
    expect(blog.receiver.spans).toEqual([])
    expect(blog.receiver.logs).toEqual([])
  })

  it('include the span of a scope without a span around it', async () => {
    await runInScope('bare', () => listPosts(db))
    await blog.flush()
    expect(blog.receiver.spans.filter((span) => kindsOf(span) !== undefined)).toMatchObject([
      { name: 'select comments' },
      { name: 'bare' },
    ])
  })

  it('have no findings with exportFindings: false, and no subscriber looks for any', async () => {
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

  it('have no findings while the instrumentation is disabled', async () => {
    blog.instrumentation.disable()
    expect(channels.finding.hasSubscribers).toBe(false)
    expect(channels.scope.hasSubscribers).toBe(false)
    blog.instrumentation.setConfig({})
    expect(channels.finding.hasSubscribers).toBe(false)
    await request(() => listPosts(db))
    expect((await blog.only('request')).attributes).toEqual({})
  })
})

describe('log events of findings', () => {
  it('have the final figures and the context of the query, with findingLogs', async () => {
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

  it.each([5, 12, 50])('have the severity of a loop of %d', async (times) => {
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

  it('have the context of the span around a finding without a query', async () => {
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

describe('metrics of findings and scopes', () => {
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

  it('count each finding once, by kind and final severity, also in an unsampled trace', async () => {
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

  it('measure the number of statements of scopes with at least one', async () => {
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

  it('name a request without a route by its method, because clients choose paths', async () => {
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

it('no signal of a finding has a value in it', async () => {
  blog.instrumentation.setConfig({ findingLogs: true })
  await request(async () => {
    await listPosts(db)
    await guessAuthors(db, 5)
  })
  await blog.flush()
  const exported = [
    ...blog.receiver.spans.map(({ attributes, events, links }) => [
      attributes,
      events.map((event) => event.attributes),
      links.map((link) => link.attributes),
    ]),
    ...blog.receiver.logs.map(({ body, attributes }) => [body, attributes]),
  ]
  expect(JSON.stringify(exported)).toContain('querylens.finding')
  expect(JSON.stringify(exported)).not.toMatch(/secret|guess \d|\b471100\d\b/)
})
