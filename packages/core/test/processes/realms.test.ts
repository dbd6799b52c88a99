import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const require = createRequire(import.meta.url)
const folder = fileURLToPath(new URL('fixtures/realms', import.meta.url))
const jest = join(require.resolve('jest/package.json'), '../bin/jest.js')
const vitest = join(require.resolve('vitest/package.json'), '../vitest.mjs')

/** Runs the test files of the fixture in one process. @throws with their output if one fails */
function run(...args: readonly string[]): string {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined, VITEST: undefined }
  return execFileSync(process.execPath, ['--no-warnings', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('test files that each have a realm of their own in one process', () => {
  it.each(['soft', 'on'])(
    'have one listener for requests under Jest, with globalsCleanup %s',
    (globalsCleanup) => {
      const options = `--testEnvironmentOptions=${JSON.stringify({ globalsCleanup })}`
      run('--experimental-vm-modules', jest, '--config', 'jest.config.mjs', '--runInBand', options)
    },
  )

  it('have one listener for requests in a thread of Vitest', () => {
    const output = run(vitest, 'run', '--root', folder, '--config', 'vitest.config.mjs')
    expect(output).toContain('4 passed')
  })
})
