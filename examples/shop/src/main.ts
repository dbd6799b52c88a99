import { createApp } from './app.ts'
import { openShopDatabase } from './database/shop-database.ts'
import { readEnvironment } from './environment.ts'
import { telemetry } from './telemetry.ts'

const { databaseUrl, host, port } = readEnvironment(process.env)
const db = openShopDatabase(databaseUrl)
const app = createApp(db)
const url = await app.listen({ host, port })
process.stdout.write(`The shop is open at ${url}\n`)
// The demo, which started us, wants to know the port.
process.send?.({ url })

let stopping = false

/** First the requests, then the queries, then what is known about them. */
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  try {
    await app.close()
    await db.destroy()
  } finally {
    await telemetry.shutdown()
    process.exit()
  }
}

// Whoever started us and waits for the address takes us along when it is gone.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, () => void stop())
