import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { it } from 'vitest'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('fixtures/fake-timers', import.meta.url))
const jest = join(require.resolve('jest/package.json'), '../bin/jest.js')

it('Querylens measures with the real time under the fake timers of Jest', () => {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined, VITEST: undefined }
  // It throws with the output of Jest if a test fails.
  execFileSync(
    process.execPath,
    ['--no-warnings', '--experimental-vm-modules', jest, '--config', 'jest.config.mjs', '--runInBand'],
    { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
})
