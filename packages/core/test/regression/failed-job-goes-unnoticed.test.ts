import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

it('runInScope leaves an unhandled rejection unhandled', () => {
  const core = new URL('../../dist/index.js', import.meta.url).href
  const script = `
    import { runInScope } from ${JSON.stringify(core)}
    process.on('unhandledRejection', (error) => console.log('unhandled:', error.message))
    void runInScope('job', async () => { throw new Error('not awaited') })
    await runInScope('job', async () => { throw new Error('caught') }).catch(() => {})
  `
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(printed.trim()).toBe('unhandled: not awaited')
})
