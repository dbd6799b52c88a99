import { channels } from '@querylens/core'
import { metrics, context, trace } from '@opentelemetry/api'
import { Kysely } from 'kysely'
import { stubDialect } from './src/stub-dialect.ts'
import { querylens } from '@querylens/kysely-plugin'
import { providersOf, inRequest } from './src/telemetry.ts'
const db = new Kysely(querylens({dialect: stubDialect})); const bare = new Kysely({dialect: stubDialect})
const c = db.selectFrom('a').selectAll().compile()
async function run(name, d) { let best=1e9; for (let r=0;r<5;r++){ const s=performance.now(); for (let i=0;i<1e5;i++) await d.executeQuery(c); best=Math.min(best,(performance.now()-s)*10)} console.log(name,best.toFixed(0)) }
await run('bare', bare); await run('unheard', db)
const h = { start() {}, asyncEnd() {} }
channels.query.subscribe(h); await run('query listener (acq recorded too)', db)
channels.query.unsubscribe(h); channels.connection.subscribe(h);  await run('connection listener', db)
channels.query.subscribe(h); await run('both', db)
channels.query.unsubscribe(h); channels.connection.unsubscribe(h)
const meter = providersOf('recording').meterProvider.getMeter('x'); const hist = meter.createHistogram('h'); const a1={'db.client.connection.pool.name':'localhost:5432/shop'}; const a6={'db.system.name':'postgresql','db.namespace':'shop','server.address':'localhost','server.port':5432,'db.operation.name':'select','db.query.summary':'select orders'}
function t(name, f) { let best=1e9; for (let r=0;r<5;r++){const s=performance.now(); for (let i=0;i<2e5;i++) f(i); best=Math.min(best,(performance.now()-s)*5)} console.log(name, best.toFixed(0),'ns') }
t('hist 1', (i)=>hist.record(i,a1)); t('hist 6', (i)=>hist.record(i,a6)); t('hist 0', (i)=>hist.record(i))
for (const st of ['recording','sampled out']) { const tr = providersOf(st).tracerProvider.getTracer('x'); t('span '+st+' 7 attrs', ()=>tr.startSpan('a',{kind:2,startTime:Date.now(),attributes:{...a6,'db.query.text':'select 1'}}).end(Date.now())); t('span '+st+' 0 attrs', ()=>tr.startSpan('a',{kind:2,startTime:Date.now()}).end(Date.now())) }
await inRequest('recording', async () => { const s=trace.getActiveSpan(); t('context.with', ()=>context.with(trace.setSpan(context.active(), s), ()=>1)) ; await run('bare in req', bare)})
t('stl', ()=>{const {stackTraceLimit}=Error; Error.stackTraceLimit=stackTraceLimit+12; Error.stackTraceLimit=stackTraceLimit})
t('now', ()=>performance.now()); t('date', ()=>Date.now())
