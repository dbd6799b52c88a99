import { createApp } from './app.ts'
import { migrate } from './database/migrations.ts'
import { openShopDatabase } from './database/shop-database.ts'
import { readEnvironment } from './environment.ts'
import { telemetry } from './telemetry.ts'

const { databaseUrl, host, port } = readEnvironment(process.env)
const db = openShopDatabase(databaseUrl)
await migrate(db)
const app = createApp(db)
const url = await app.listen({ host, port })
process.stdout.write(`The shop is open at ${url}\n`)
// The demo, which started us, wants to know the port.
process.send?.({ url })

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // First the requests, then the queries, then what is known about them.
    void app
      .close()
      .then(() => db.destroy())
      .then(() => telemetry.shutdown())
      .then(() => process.exit())
  })
}
