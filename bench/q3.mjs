import { querylensKysely, peerKysely, handWrittenSpan, bareKysely } from './src/subjects.ts'
const [,, which, state] = process.argv
const s = { q: () => querylensKysely(state), p: () => peerKysely(state), h: () => handWrittenSpan(), b: () => bareKysely(state) }[which]()
await s.run(async (query) => { for (let r=0;r<3;r++) { const t=performance.now(); for (let i=0;i<1e5;i++) await query(); console.log(which, state, ((performance.now()-t)*10).toFixed(0)) } return 0 })
