import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { runApplication, type Application, type ApplicationRequest } from './support/run-application.js'

let receiver: OtlpReceiver

beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.stop())

const run = (application: Application, requests: readonly ApplicationRequest[]): Promise<void> =>
  runApplication(receiver, application, requests)

const servers = (): ReceivedSpan[] => receiver.spans.filter(({ kind }) => kind === 'SERVER')
const queries = (): ReceivedSpan[] => receiver.spans.filter(({ kind }) => kind === 'CLIENT')

const applications: readonly Application[] = (['http', 'none'] as const).flatMap((instrumentations) => [
  { framework: 'node:http', modules: 'ES modules', instrumentations },
  { framework: 'express', modules: 'ES modules', instrumentations },
  { framework: 'fastify', modules: 'ES modules', instrumentations },
  { framework: 'hono', modules: 'ES modules', instrumentations },
  { framework: 'node:http', modules: 'CommonJS', instrumentations },
  { framework: 'express', modules: 'CommonJS', instrumentations },
  { framework: 'fastify', modules: 'CommonJS', instrumentations },
])

describe('requests', () => {
  it.each(applications)(
    'are one trace each with $framework, $modules and instrumentation: $instrumentations',
    async (application) => {
      await run(application, [{ path: '/users/4711?token=s3cret' }, { path: '/users/4712' }])
      expect(servers().map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined])
      for (const server of servers()) {
        const ofTrace = receiver.spans.filter(({ traceId }) => traceId === server.traceId)
        // Two queries, a transaction, its begin and its commit.
        expect(ofTrace.map(({ name }) => name).toSorted()).toEqual(
          [server.name, 'begin', 'commit', 'select', 'select', 'transaction'].toSorted(),
        )
      }
      expect(receiver.spans).toHaveLength(12)
      const route = application.framework === 'node:http' ? undefined : '/users/:id'
      for (const { name, attributes } of servers()) {
        expect(name).toBe(route === undefined ? 'GET' : `GET ${route}`)
        expect(attributes['http.route']).toBe(route)
        expect(attributes).toMatchObject({
          'http.request.method': 'GET',
          'http.response.status_code': 200,
          'url.scheme': 'http',
        })
      }
      for (const { attributes } of queries()) {
        expect(attributes['querylens.scope.name']).toBe(`GET ${route ?? '/users/…'}`)
      }
      if (application.instrumentations === 'none') {
        expect(
          JSON.stringify(servers(), (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
        ).not.toMatch(/4711|s3cret/)
      }
    },
  )

  const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const SAMPLED_OUT = '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

  it.each(['http', 'none'])(
    'continue the trace of their client, and its sampling (instrumentation: %s)',
    async (instrumentations) => {
      await run({ framework: 'fastify', modules: 'ES modules', instrumentations }, [
        { path: '/users/1', headers: { traceparent: SAMPLED } },
        { path: '/users/1', headers: { traceparent: SAMPLED_OUT } },
      ])
      expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([SAMPLED.split('-')[1]]))
      expect(servers().map(({ parentSpanId }) => parentSpanId)).toEqual([SAMPLED.split('-')[2]])
      expect(receiver.spans).toHaveLength(6)
    },
  )

  it.each(['express', 'fastify', 'hono'])(
    'without queries have their route, in the metric of the instrumentation, too: %s',
    async (framework) => {
      await run({ framework, modules: 'ES modules', instrumentations: 'http' }, [{ path: '/idle/4711' }])
      expect(receiver.spans.map(({ name, attributes }) => [name, attributes['http.route']])).toEqual([
        ['GET /idle/:id', '/idle/:id'],
      ])
      expect(labels('http.server.request.duration', 'http.route')).toEqual(['/idle/:id'])
    },
  )

  it('without queries get no span where nothing else makes one', async () => {
    await run({ framework: 'fastify', modules: 'ES modules', instrumentations: 'none' }, [
      { path: '/idle/1' },
    ])
    expect(receiver.spans).toEqual([])
  })

  it.each(['express', 'fastify', 'hono'])('count their queries by route: %s', async (framework) => {
    await run({ framework, modules: 'ES modules', instrumentations: 'http' }, [{ path: '/users/4711' }])
    expect(labels('querylens.scope.query_count', 'querylens.scope.name')).toEqual(['GET /users/:id'])
  })

  it('have the route that an instrumentation of the framework has found, and so have their queries', async () => {
    const application = { framework: 'express', modules: 'ES modules' } as const
    const requests = [{ path: '/lists/7/items/4711' }]
    await run({ ...application, instrumentations: 'http,express' }, requests)
    const route = '/lists/:list/items/:item'
    expect(servers().map(({ name, attributes }) => [name, attributes['http.route']])).toEqual([
      [`GET ${route}`, route],
    ])
    expect(new Set(queries().map(({ attributes }) => attributes['querylens.scope.name']))).toEqual(
      new Set([`GET ${route}`]),
    )
    // An ES module imports Express: only the loader hook lets the instrumentation see it.
    expect(receiver.spans.map(({ name }) => name)).toContain('router - /items/:item')

    receiver.clear()
    await run({ ...application, instrumentations: 'http' }, requests)
    // The mount path of a router is a part of the request's URL there.
    expect(servers().map(({ name }) => name)).toEqual(['GET /lists/…/items/:item'])
    expect(queries()[0]?.attributes['querylens.scope.name']).toBe('GET /lists/…/items/:item')
  })

  it('of an application that `node --require` instruments show what its packages do', async () => {
    const application = {
      framework: 'express',
      modules: 'CommonJS',
      instrumentations: 'http,express',
    } as const
    await run(application, [{ path: '/users/4711' }])
    expect(servers().map(({ name }) => name)).toEqual(['GET /users/:id'])
    expect(receiver.spans.map(({ name }) => name)).toContain('request handler')
  })

  it.each(['http', 'none'])(
    'that fail are marked by their status, without a route or a path (instrumentation: %s)',
    async (instrumentations) => {
      await run({ framework: 'node:http', modules: 'ES modules', instrumentations }, [
        { path: '/users/fail' },
      ])
      expect(servers()).toMatchObject([
        {
          name: 'GET',
          status: { code: 'ERROR' },
          attributes: { 'http.response.status_code': 503, 'error.type': '503' },
        },
      ])
    },
  )
})

/** The values that an attribute has in the data points of a metric. */
function labels(metric: string, attribute: string): unknown[] {
  return receiver.metrics
    .filter(({ name }) => name === metric)
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes[attribute]))
}
