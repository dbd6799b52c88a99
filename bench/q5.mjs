import { providersOf } from './src/telemetry.ts'
const meter = providersOf('recording').meterProvider.getMeter('x'); const hist = meter.createHistogram('h');
const a6={'db.system.name':'postgresql','db.namespace':'shop','server.address':'localhost','server.port':5432,'db.operation.name':'select','db.query.summary':'select orders'}
const s6=Object.fromEntries(Object.entries(a6).sort(([a],[b])=>a<b?-1:1)); const {['server.port']:_, ...s5}=s6; const {['db.operation.name']:__, ...s4}=s5
const lit5={'db.namespace':'shop','db.operation.name':'select','db.query.summary':'select orders','db.system.name':'postgresql','server.address':'localhost'}
function t(name, f) { let best=1e9; for (let r=0;r<8;r++){const s=performance.now(); for (let i=0;i<2e5;i++) f(i); best=Math.min(best,(performance.now()-s)*5)} console.log(name, best.toFixed(0),'ns') }
for (let k=0;k<2;k++) { t('6', i=>hist.record(i,a6)); t('s6', i=>hist.record(i,s6)); t('s5', i=>hist.record(i,s5)); t('lit5', i=>hist.record(i,lit5)); t('s4', i=>hist.record(i,s4)) }
const tr = providersOf('recording').tracerProvider.getTracer('x');
for (const a of [a6,s6,s5,s4, {...s5, 'db.query.text':'select "id", "status" from "orders" where "customer_id" = $1 order by "id" limit $2'}]) t('span '+Object.keys(a).length, ()=>tr.startSpan('a',{kind:2,startTime:Date.now(),attributes:a}).end(Date.now()))
const all = {...s5, 'db.query.text':'select "id", "status" from "orders" where "customer_id" = $1 order by "id" limit $2'}
t('span then set 9', ()=>{const s=tr.startSpan('a',{kind:2,startTime:Date.now(),attributes:all}); s.setAttribute('a.b',1); s.setAttribute('a.c','x'); s.setAttribute('a.d',1); s.end(Date.now())})
t('span then setAttributes', ()=>{const s=tr.startSpan('a',{kind:2,startTime:Date.now(),attributes:all}); s.setAttributes({'a.b':1, 'a.c':'x','a.d':1}); s.end(Date.now())})
t('span 9 at start', ()=>{const s=tr.startSpan('a',{kind:2,startTime:Date.now(),attributes:{...all,'a.b':1, 'a.c':'x','a.d':1}});  s.end(Date.now())})
