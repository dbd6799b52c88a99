import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const fixtures = fileURLToPath(new URL('fixtures/snapshots/', import.meta.url))
const require = createRequire(import.meta.url)

/** Jest has no transformer of its own for TypeScript without Babel's preset. This one keeps lines and columns. */
const TRANSFORMER = `import { stripTypeScriptTypes } from 'node:module'
export default { process: (text) => ({ code: stripTypeScriptTypes(text) }) }
`

interface Run {
  readonly passes: boolean
  readonly output: string
}

interface RunOptions {
  readonly loops?: boolean
  /** `new` is what a developer has, who has set no option. */
  readonly update?: 'new' | 'none' | 'all'
}

/** For tests that start a runner five times, on a busy machine. */
const MANY_RUNS = 180_000
let folder = ''
const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(fixtures, '..', 'snapshots-'))
  for (const file of ['library.ts', 'snapshots.case.ts', 'node.case.ts'])
    copyFileSync(join(fixtures, file), join(folder, file))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a program in the folder of the copies. */
function run(
  args: readonly string[],
  { loops = false }: RunOptions,
  environment: NodeJS.ProcessEnv = {},
): Promise<Run> {
  return new Promise((resolve) => {
    // A worker of Vitest sets variables that its child would take for its own, and so does a CI.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|NODE_|JEST|FORCE_COLOR|CI$|GITHUB_|CONTINUOUS|BUILD_)/.test(name),
    )
    const env = {
      ...Object.fromEntries(inherited),
      NO_COLOR: '1',
      ...(loops && { LOOP: '1' }),
      ...environment,
    }
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ passes: error === null, output: `${stdout}${stderr}` }),
    )
  })
}

function runVitest(options: RunOptions): Promise<Run> {
  const { update = 'new' } = options
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { include: ['snapshots.case.ts'], globals: true, setupFiles: ['@querylens/testing/vitest'] } }`,
  )
  const program = join(require.resolve('vitest/package.json'), '..', 'vitest.mjs')
  return run([program, 'run', '--root', '.', `--update=${update}`], options)
}

function runJest(options: RunOptions): Promise<Run> {
  const { update = 'new' } = options
  const transformer = join(folder, 'transformer.mjs')
  writeFileSync(transformer, TRANSFORMER)
  const config = {
    rootDir: folder,
    cacheDirectory: join(folder, 'cache'),
    testRegex: 'snapshots\\.case\\.ts$',
    extensionsToTreatAsEsm: ['.ts'],
    setupFilesAfterEnv: ['@querylens/testing/jest'],
    transform: { '\\.ts$': transformer },
  }
  const flag = { new: '--ci=false', none: '--ci', all: '--updateSnapshot' }[update]
  const args = [require.resolve('jest/bin/jest'), flag, '--config', JSON.stringify(config)]
  return run(args, options, { NODE_OPTIONS: '--experimental-vm-modules' })
}

function runNode(options: RunOptions): Promise<Run> {
  const update = options.update === 'all' ? ['--test-update-snapshots'] : []
  return run(['--experimental-strip-types', '--test', ...update, 'node.case.ts'], options)
}

/** Shows what the runner printed if it fails. */
const PASSES = { passes: true, output: expect.any(String) as string }
const file = 'snapshots.case.ts.snap'
const ONE = '1x select books order by id limit ?'
const LOOP = '3x select books where author_id = ?'

describe.each([
  ['Vitest', runVitest, /Snapshot `compares in the call 1` mismatched/],
  ['Jest', runJest, /New snapshot was not written/],
] as const)('snapshots in %s', (_, runRunner, message) => {
  it(
    'are written into the calls and the file of the test, compared and updated',
    { timeout: MANY_RUNS },
    async () => {
      expect(await runRunner({})).toEqual(PASSES)
      expect(read('__snapshots__', file)).toContain(ONE)
      const written = read('snapshots.case.ts')
      expect(written).toMatch(/expect\(queries\)\.toMatchQuerySnapshot\(\)/)
      expect(written).toContain(`expect(queries).toMatchInlineQuerySnapshot(\`${ONE}\`)`)
      expect(written).toContain(`.resolves.toMatchInlineQuerySnapshot(\`${ONE}\`)`)

      expect(await runRunner({ update: 'none' })).toEqual(PASSES)
      const { passes, output } = await runRunner({ loops: true })
      expect(passes).toBe(false)
      expect(output.match(/^ *\+ +3x select books where author_id = \?$/gm)).toHaveLength(3)
      expect(output.match(/Not in the snapshot/g)).toHaveLength(3)
      expect(output).toContain('select * from "books" where "author_id" = ?')
      expect(read('snapshots.case.ts')).toBe(written)

      expect(await runRunner({ loops: true, update: 'all' })).toEqual(PASSES)
      expect(read('snapshots.case.ts').match(/^ *3x select books where author_id = \?$/gm)).toHaveLength(2)
      expect(read('__snapshots__', file)).toContain(LOOP)
      expect(await runRunner({ loops: true, update: 'none' })).toEqual(PASSES)
    },
  )

  it('are not written in a CI', async () => {
    const before = read('snapshots.case.ts')
    const { passes, output } = await runRunner({ update: 'none' })
    expect(passes).toBe(false)
    // A failure for another reason would prove nothing.
    expect(output).toMatch(/3 failed/)
    expect(output).toMatch(message)
    expect(read('snapshots.case.ts')).toBe(before)
    expect(existsSync(join(folder, '__snapshots__'))).toBe(false)
  })
})

describe('snapshots in node:test', () => {
  it('are written on demand, and compared', async () => {
    expect(await runNode({})).toMatchObject({ passes: false })
    expect(await runNode({ update: 'all' })).toEqual(PASSES)
    expect(read('node.case.ts.snapshot')).toContain(`\n${ONE}\n`)
    expect(await runNode({})).toEqual(PASSES)
    const { passes, output } = await runNode({ loops: true })
    expect(passes).toBe(false)
    expect(output).toContain(LOOP)
  })
})
