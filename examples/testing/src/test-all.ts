import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { startPostgres } from '@querylens/tool-postgres'

const require = createRequire(import.meta.url)
const folder = join(import.meta.dirname, '..')

/** The command of each runner, without the path of Node. */
export const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  vitest: [join(require.resolve('vitest/package.json'), '../vitest.mjs'), 'run'],
  jest: [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    require.resolve('jest/bin/jest'),
  ],
  'node:test': [...RUN_TYPESCRIPT, '--import=@querylens/testing/node/guard', '--test', 'test/node/*.spec.ts'],
}

/** Runs the tests of all runners on a PostgreSQL of their own. */
async function main(): Promise<void> {
  const server = await startPostgres()
  const env = { ...process.env, QUERYLENS_TEST_DATABASE_URL: server.connectionString }
  try {
    for (const args of Object.values(RUNNERS)) {
      const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
        cwd: folder,
        env,
        stdio: 'inherit',
      })
      if (status !== 0) process.exitCode = 1
    }
  } finally {
    await server.stop()
  }
}

if (process.argv[1] === import.meta.filename) await main()
