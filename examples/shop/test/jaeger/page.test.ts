import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { openBrowser, readVisible, searchUrl, traceUrl } from '@querylens/tool-jaeger'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { TEST_SIZES } from '../shop-under-test.ts'
import { openShopInJaeger, type ShopInJaeger, type TracedResponse } from './shop-in-jaeger.ts'

/** The folder of the pictures of docs/JAEGER.md. `pnpm pictures` sets it. */
const PICTURES = process.env['QUERYLENS_PICTURES']
const WINDOW = { width: 1600, height: 900 }
const ROUNDS = 4
const OPEN_LIST = '.ant-select-dropdown:visible'
/** Duration of the animation of the chart. */
const CHART_MILLIS = 1_500
const CLICK_MILLIS = 10_000
const OTHERS = [
  '/products?page=2',
  '/products/7',
  '/customers/7',
  '/orders/7',
  '/orders',
  '/categories/lamps/latest-reviews',
  '/as-shipped/customers/7/offers',
]

let open: ShopInJaeger
let browser: Browser
let page: Page
let loop: TracedResponse
let failed: TracedResponse

beforeAll(async () => {
  if (process.env['QUERYLENS_TEST_JAEGER_HAS_PAGE'] !== 'true') {
    throw new Error('This Jaeger has no page: JAEGER_UI_ASSETS takes the folder of a built Jaeger UI.')
  }
  open = await openShopInJaeger('shop', { driverSpans: false, sizes: TEST_SIZES })
  browser = await openBrowser()
  for (let round = 0; round < ROUNDS; round++) {
    for (const path of OTHERS) await open.send(path)
    await open.send('/as-shipped/categories/lamps/latest-reviews')
    loop = await open.send('/as-shipped/orders')
  }
  await open.send('/orders', { customerId: 1, items: [{ productId: 1, quantity: 1 }] })
  failed = await open.send('/products/1/reviews', { customerId: 999, rating: 1, title: 'No', body: 'No.' })
})
afterAll(async () => {
  await browser?.close()
  await open?.close()
})
beforeEach(async () => {
  await page?.close()
  page = await browser.newPage({ viewport: WINDOW })
  page.setDefaultTimeout(CLICK_MILLIS)
})

async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  // Move the mouse away, close lists and scroll to the top.
  await page.mouse.move(0, 0)
  await page.locator(OPEN_LIST).waitFor({ state: 'hidden' })
  await page.evaluate('scrollTo(0, 0)')
  await page.waitForTimeout(CHART_MILLIS)
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
}

async function openTrace({ traceId }: TracedResponse): Promise<void> {
  await page.goto(traceUrl(open.page, traceId))
  await page.locator('.span-row').first().waitFor()
}

const row = (name: string): Locator => page.locator('.span-row').filter({ hasText: name })

async function openRow(rows: Locator): Promise<Locator> {
  await rows.first().locator('.span-name').click()
  const detail = page.locator('.detail-row')
  await detail.waitFor()
  return detail
}

describe('the page of a trace with an N+1', () => {
  it('shows label, count, line and suggestion in the first row', async () => {
    await openTrace(loop)
    const detail = await openRow(row('GET /as-shipped/orders'))
    const log = await readVisible(detail.locator('.AccordianLogs'))
    expect(log).toMatch(
      /N\+1: 50x select order_items products at n-plus-one\.ts:\d+; load them all with one query/,
    )
    await picture('n-plus-one')
    await detail.locator('.AccordianLogs .AccordianKeyValues--header').click()
    const table = await readVisible(detail.locator('.AccordianLogs'))
    expect(table).toMatch(/listOrdersAsShipped \(examples\/shop\/src\/mistakes\/n-plus-one\.ts:\d+\)/)
    expect(table).toContain(`.where('orderId', '=', (eb) => eb.fn.any(eb.val(ids)))`)
  })

  it('shows the call site in the row of the query, and links to the source query', async () => {
    await openTrace(loop)
    const crossing = row('select order_items products').filter({
      has: page.locator('.ReferencesButton-MultiParent'),
    })
    expect(await crossing.count()).toBe(1)
    const detail = await openRow(crossing)
    const tags = await readVisible(detail.locator('.AccordianKeyValues--header').first())
    expect(tags).toMatch(
      /code\.file\.path = .*n-plus-one\.ts code\.function\.name = listOrdersAsShipped code\.line\.number = \d+/,
    )
    expect(await readVisible(detail.locator('.AccordianLogs'))).toMatch(
      /N\+1: 50x select order_items products/,
    )
    await picture('n-plus-one-query')
    await crossing.locator('.ReferencesButton-MultiParent').click()
    await page.locator('.ReferencesButton--TraceRefLink', { hasText: 'select orders' }).click()
    const [source] = loop.spans.filter(({ name }) => name === 'select orders')
    // The page scrolls to the span in the same trace and highlights it.
    await page.waitForURL((url) => url.pathname.endsWith(loop.traceId))
    expect(page.url()).toContain(source?.spanId)
    expect(await readVisible(row('select orders').first())).toContain('select orders')
  })

  it('sums its queries by summary', async () => {
    await openTrace(loop)
    const groupBy = page.locator('.ant-select').first()
    await page.getByText('Trace Timeline').hover()
    await page.getByText('Trace Statistics').dispatchEvent('click')
    await choose(groupBy, 'Operation Name')
    const loopRow = page.locator('tr', { hasText: 'select order_items products' })
    expect(await loopRow.locator('td').nth(1).innerText()).toBe('50')
    await picture('statistics')
  })
})

describe('the search page', () => {
  it('finds all requests with an N+1 in the last hour, and no others', async () => {
    await page.goto(
      searchUrl(open.page, { service: 'shop', tags: { 'querylens.n_plus_one.detected': 'true' } }),
    )
    await expectResults(ROUNDS, 'shop: GET /as-shipped/orders')
    await picture('search')
  })

  it('finds requests with an N+1 by typed tags', async () => {
    await page.goto(new URL('/search', open.page).href)
    await choose(page.locator('.ant-select').first(), 'shop')
    const find = async (tags: string): Promise<void> => {
      await page.locator('input[name=tags]').fill(tags)
      await page.getByRole('button', { name: 'Find Traces' }).click()
    }
    await find('querylens.n_plus_one.count=50')
    await expectResults(ROUNDS, 'shop: GET /as-shipped/orders')
    await find('querylens.finding.kind=duplicate_query')
    await expectResults(ROUNDS, 'shop: GET /as-shipped/customers/:id/offers')
    await find('querylens.transaction.outcome=committed')
    await expectResults(1, 'shop: POST /orders')
    await find('querylens.scope.name="GET /products/:id"')
    await expectResults(ROUNDS, 'shop: GET /products/:id')
    await find('db.response.status_code=23503')
    await expectResults(1, 'shop: POST /products/:id/reviews')
    await find('querylens.finding.severity=high querylens.finding.kind=n_plus_one')
    await expectResults(ROUNDS, 'shop: GET /as-shipped/orders')
    const [query] = failed.spans.filter(({ name }) => name === 'insert reviews')
    await find(`querylens.query.fingerprint=${String(query?.attributes['querylens.query.fingerprint'])}`)
    await expectResults(1, 'shop: POST /products/:id/reviews')
  })

  it('sorts requests with a query by duration', async () => {
    const { jaeger } = open
    const operation = (await jaeger.operations('shop')).find((name) => name.startsWith('select select'))
    await page.goto(searchUrl(open.page, { service: 'shop', operation }))
    await expectResults(ROUNDS, 'shop: GET /as-shipped/categories/:category/latest-reviews')
    await choose(page.locator('.SearchResults .ant-select').first(), 'Longest First')
    const durations = await page
      .locator('.ResultItemTitle span.ub-right, .ResultItemTitle--duration')
      .allInnerTexts()
    expect(durations).toHaveLength(ROUNDS)
    expect(durations.map(parseFloat)).toEqual(
      durations.map(parseFloat).toSorted((left, right) => right - left),
    )
    await picture('slowest')
  })
})

describe('the page of a trace with a failed query', () => {
  it('marks the query and shows its SQLSTATE', async () => {
    await openTrace(failed)
    const query = row('insert reviews')
    const icons = (rows: Locator): Promise<number> => rows.locator('.span-svc-name svg').count()
    expect([await icons(row('POST /products')), await icons(query)]).toEqual([0, 1])
    const detail = await openRow(query)
    await detail.locator('.AccordianKeyValues--header').first().click()
    const tags = await readVisible(detail)
    expect(tags).toMatch(/code\.file\.path Copy JSON examples\/shop\/src\/routes\/reviews\.ts/)
    expect(tags).toMatch(/db\.response\.status_code Copy JSON 23503/)
    await picture('failed')
  })
})

async function expectResults(count: number, title: string): Promise<void> {
  // The old results stay until the response arrives.
  await expect
    .poll(
      async () => {
        const titles = await page.locator('.ResultItemTitle--title').allInnerTexts()
        return titles.map((text) => text.replace(/\s*[0-9a-f]{7}$/, ''))
      },
      { timeout: CLICK_MILLIS },
    )
    .toEqual(Array.from({ length: count }, () => title))
}

/** Selects an entry of a list that opens on a click. */
async function choose(select: Locator, entry: string): Promise<void> {
  await select.click()
  const entries = page.locator(OPEN_LIST).locator('.ant-select-item-option-content')
  // A list moves while it opens.
  await entries.getByText(entry, { exact: true }).dispatchEvent('click')
}
