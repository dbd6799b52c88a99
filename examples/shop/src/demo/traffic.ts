import { CATEGORIES } from '../database/seed-steps.ts'
import { SEED_SIZES } from '../database/seed.ts'
import { createRandom, type Random } from './random.ts'

/** The outcome of the traffic. */
export interface TrafficResult {
  readonly requests: number
  /** Unexpected responses, such as `500 GET /orders`. */
  readonly failures: readonly string[]
}

interface Visit {
  readonly path: string
  readonly body?: object
  /** The expected status. @default any success */
  readonly status?: number
}

type Visiting = (random: Random) => Visit | readonly Visit[]

const ROUNDS = 15
const CUSTOMERS_AT_ONCE = 4
const LIMIT_MILLIS = 12_000
const REVIEW = { rating: 5, title: 'Nice', body: 'I like it.' }

/** The visits of one round. Routes with a mistake get one visit for the mistake and one for the fix. */
const VISITS: readonly Visiting[] = [
  ...repeat(3, (random) => ({ path: `/products?page=${random(20)}` })),
  ...repeat(2, (random) => ({ path: `/products?search=lamp&category=${random.oneOf(CATEGORIES)}` })),
  ...repeat(6, (random) => ({ path: `/products/${random(SEED_SIZES.products)}` })),
  ...repeat(3, (random) => ({ path: `/customers/${random(SEED_SIZES.customers)}` })),
  ...repeat(3, (random) => ({ path: `/orders/${random(SEED_SIZES.orders)}` })),
  ...repeat(2, (random) => ({
    path: '/orders',
    body: {
      customerId: random(SEED_SIZES.customers),
      items: [1, 2, 3].map((part) => ({ productId: part * 600 - random(500), quantity: random(3) })),
    },
  })),
  (random) => ({
    path: `/products/${random(SEED_SIZES.products)}/reviews`,
    body: { customerId: random(SEED_SIZES.customers), ...REVIEW, rating: random(5) },
  }),
  // Unknown customers: the database rejects the review, and the shop rolls back the transaction of the order.
  (random) => ({
    path: `/products/${random(SEED_SIZES.products)}/reviews`,
    body: { customerId: SEED_SIZES.customers + random(99), ...REVIEW },
    status: 404,
  }),
  (random) => ({
    path: '/orders',
    body: {
      customerId: SEED_SIZES.customers + random(99),
      items: [{ productId: random(SEED_SIZES.products), quantity: 1 }],
    },
    status: 404,
  }),
  () => bothWays('/orders?limit=50'),
  ...repeat(3, (random) => bothWays(`/tracking/QL${String(random(50_000)).padStart(9, '0')}EU`)),
  (random) => bothWays(`/categories/${random.oneOf(CATEGORIES)}/latest-reviews`),
  (random) => bothWays(`/customers/${random(SEED_SIZES.customers)}/offers`),
]

/** Sends the same requests in the same order in each run. It stops early after 12 seconds. */
export async function sendTraffic(shopUrl: string): Promise<TrafficResult> {
  const random = createRandom(2026)
  const visits = Array.from({ length: ROUNDS }, () =>
    random.shuffled(VISITS.flatMap((visit) => visit(random))),
  ).flat()
  const failures: string[] = []
  const deadline = Date.now() + LIMIT_MILLIS
  let next = 0
  let requests = 0
  const customer = async (): Promise<void> => {
    for (let visit = visits[next++]; visit !== undefined && Date.now() < deadline; visit = visits[next++]) {
      const status = await send(shopUrl, visit)
      if (visit.status === undefined ? status >= 400 : status !== visit.status) {
        failures.push(`${status} ${visit.body === undefined ? 'GET' : 'POST'} ${visit.path}`)
      }
      requests++
    }
  }
  await Promise.all(Array.from({ length: CUSTOMERS_AT_ONCE }, customer))
  return { requests, failures }
}

async function send(shopUrl: string, { path, body }: Visit): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const request = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await fetch(shopUrl + path, request)
  await response.arrayBuffer()
  return response.status
}

function bothWays(path: string): Visit[] {
  return [{ path }, { path: `/as-shipped${path}` }]
}

function repeat(times: number, visiting: Visiting): Visiting[] {
  return Array.from({ length: times }, () => visiting)
}
