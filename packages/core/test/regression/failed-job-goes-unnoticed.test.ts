import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

it('leaves a rejection that nobody handles unhandled', () => {
  const core = new URL('../../dist/index.js', import.meta.url).href
  const script = `
    import { runInScope } from ${JSON.stringify(core)}
    process.on('unhandledRejection', (error) => console.log('unhandled:', error.message))
    void runInScope('job', async () => { throw new Error('nobody awaits me') })
    await runInScope('job', async () => { throw new Error('caught') }).catch(() => {})
  `
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(said.trim()).toBe('unhandled: nobody awaits me')
})
