import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { RUN_TYPESCRIPT } from './index.ts'

/**
 * Runs the tests of the packages on another version of Node, which the npm package `node` brings:
 * `test-on-node.ts 22.15.0`, with filters and options of Vitest behind it, by default `packages/`.
 */
const root = join(import.meta.dirname, '..', '..', '..')
const [version = '', ...args] = process.argv.slice(2)
if (!/^\d+\.\d+\.\d+$/.test(version))
  throw new Error(`Name a version of Node, such as 22.15.0, not "${version}".`)

/** Ends the run if `npx` has found another Node. */
const check = `data:text/javascript,if (process.version !== 'v${version}') throw new Error('This is Node ' + process.version)`
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const tests = args.length > 0 ? args : ['packages/']
/** Vitest leaves out those that are the same on every version, unless filters ask for tests. */
const env = args.length > 0 ? process.env : { ...process.env, QUERYLENS_OTHER_NODE: version }
const projects = ['unit', 'contracts', 'processes'].flatMap((project) => ['--project', project])

const child = spawn(
  'npx',
  ['--yes', `node@${version}`, ...RUN_TYPESCRIPT, `--import=${check}`, vitest, 'run', ...projects, ...tests],
  { cwd: root, env, stdio: 'inherit' },
)
child.once('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
