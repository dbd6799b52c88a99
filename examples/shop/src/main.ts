import { createApp } from './app.ts'
import { openShopDatabase } from './database/shop-database.ts'
import { readEnvironment } from './environment.ts'
import { telemetry } from './telemetry.ts'

const { databaseUrl, host, port } = readEnvironment(process.env)
const db = openShopDatabase(databaseUrl)
const app = createApp(db)
const url = await app.listen({ host, port })
process.stdout.write(`The shop is open at ${url}\n`)
// The demo starts the shop on a free port and needs the address.
process.send?.({ url })

let stopping = false

/** Ends the requests first, then the database, then the telemetry about both. */
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

// The shop also ends when the process that started it has ended (`disconnect`).
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, () => void stop())
