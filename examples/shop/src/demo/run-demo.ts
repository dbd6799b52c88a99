import { styleText } from 'node:util'

import { createDatabase, startPostgres } from '@querylens/tool-postgres'
import { findUsablePorts, startJaeger } from '@querylens/tool-jaeger'
import { startOtlpReceiver } from '@querylens/tool-otlp-receiver'

import { migrate } from '../database/migrations.ts'
import { seedWithProgress } from '../database/seed-with-progress.ts'
import { openShopDatabase } from '../database/shop-database.ts'
import { keepRunning } from './keep-running.ts'
import type { DemoOptions } from './options.ts'
import { printReport } from './report.ts'
import { startShop } from './shop-process.ts'
import { collectSpans } from './collect-spans.ts'
import { sendTraffic } from './traffic.ts'

const NO_PAGE = `, without its page, so the links below
do not work. For the page, download Jaeger from https://www.jaegertracing.io/download and name its file in JAEGER_BIN, or
name the folder of a built Jaeger UI in JAEGER_UI_ASSETS.`

/**
 * Runs the demo.
 *
 * @param stack gets the clean-up of each started process, in the order of the starts
 * @throws Error if a process does not start, or no spans arrive
 */
export async function runDemo(requested: DemoOptions, stack: AsyncDisposableStack): Promise<void> {
  if (requested.notice !== undefined) print(styleText('yellow', requested.notice))
  const options = requested.jaeger ? await withJaeger(requested, stack) : requested
  const database = await openDatabase(stack)

  print('Seeding a shop with about 290,000 rows …')
  const db = openShopDatabase(database.connectionString)
  try {
    await migrate(db)
    await seedWithProgress(db)
  } finally {
    await db.destroy()
  }

  const receiver = await startOtlpReceiver({
    forwardTo: options.backend?.url,
    forwardHeaders: options.backend?.headers,
  })
  stack.defer(() => receiver.stop())
  const shop = await startShop(database.connectionString, receiver.url)
  stack.defer(() => shop.stop())
  print(`The shop runs at ${shop.url}. Sending requests …`)
  const traffic = await sendTraffic(shop.url)
  const [failure] = traffic.failures
  if (failure !== undefined) {
    throw new Error(
      `${traffic.failures.length} of ${traffic.requests} requests failed, the first one: ${failure}`,
    )
  }
  print(`The shop has handled ${traffic.requests} requests.`)
  // When the shop ends, it exports its remaining spans at once.
  if (!options.keep) await shop.stop()
  const traces = await collectSpans(receiver, traffic.requests)
  await receiver.forwarder?.settled()
  printReport(traces, receiver, options)
  if (options.keep) await keepRunning(shop, { database, receiver, options })
}

/** Starts a Jaeger and makes it the backend. */
async function withJaeger(options: DemoOptions, stack: AsyncDisposableStack): Promise<DemoOptions> {
  print('Starting Jaeger …')
  const jaeger = await startJaeger({ ports: await findUsablePorts() })
  stack.defer(() => jaeger.stop())
  const running = `Jaeger is running at ${jaeger.url}`
  print(jaeger.hasPage ? `${running}.` : styleText('yellow', running + NO_PAGE))
  return { ...options, backend: { url: jaeger.httpUrl, headers: {}, page: jaeger.url } }
}

async function openDatabase(stack: AsyncDisposableStack) {
  print(process.env['DATABASE_URL'] ? 'Connecting to DATABASE_URL …' : 'Starting PostgreSQL …')
  const server = await startPostgres()
  stack.defer(() => server.stop())
  // A server in DATABASE_URL may already have a database `shop`.
  const database = await createDatabase(server, ...(process.env['DATABASE_URL'] ? [] : ['shop']))
  stack.defer(() => database.drop())
  print(`PostgreSQL ${server.version} is running.`)
  return database
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
