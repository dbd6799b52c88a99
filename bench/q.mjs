import { QuerylensInstrumentation } from '@querylens/exporter'
import { channels } from '@querylens/core'
const { Kysely } = await import('kysely')
const { stubDialect } = await import('./src/stub-dialect.ts')
const { querylens } = await import('@querylens/kysely-plugin')
async function run(name, db) { const c = db.selectFrom('a').selectAll().compile(); for (let r=0;r<2;r++){ const s=performance.now(); for (let i=0;i<1e5;i++) await db.executeQuery(c); console.log(name,((performance.now()-s)*10).toFixed(0),'ns', channels.query.hasSubscribers, channels.connection.hasSubscribers, channels.transaction.hasSubscribers) } }
const db = new Kysely(querylens({dialect: stubDialect}));
await run('ours', db)
const i = new QuerylensInstrumentation()
await run('enabled', db)
i.disable()
await run('disabled', db)
i.enable()
await run('enabled', db)
