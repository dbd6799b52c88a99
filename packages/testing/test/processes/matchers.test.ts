import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const rootDir = fileURLToPath(new URL('fixtures/matchers/', import.meta.url))
const require = createRequire(import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
/** Jest loads ES modules by `require` from this version on. */
const requiresModules = major > 24 || (major === 24 && minor >= 9)

/** Runs a program in the fixtures, and returns what it prints, without what differs from run to run. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve) => {
    // A worker of Vitest sets variables that its child would take for its own.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|NODE_|JEST|FORCE_COLOR)/.test(name),
    )
    const env = { ...Object.fromEntries(inherited), NO_COLOR: '1', NODE_NO_WARNINGS: '1', ...environment }
    execFile(process.execPath, args, { cwd: rootDir, env }, (_, stdout, stderr) =>
      resolve(normalize(`${stdout}${stderr}`)),
    )
  })
}

function normalize(output: string): string {
  const lines = output
    .replaceAll(rootDir, '')
    .replaceAll('file://', '')
    .replaceAll(/(?:under )?\d+(?:\.\d+)? ms in the database/g, '… ms in the database')
    .split('\n')
    .map((line) => line.trimEnd().replace(/ \(?\d+(?:\.\d+)? ?m?s\)?$/, ''))
    .filter((line) => !/^\s*(?:RUN|Start at|Duration|Time:|ℹ duration_ms|\(node:)/.test(line))
    // Frames of the runner and of this package; in an application they are in node_modules.
    .filter(
      (line) =>
        !/^\s+(?:at|❯) .*(?:node:|node_modules|packages\/testing\/src|\.\.\/src\/|<anonymous>\)$|async Promise)/.test(
          line,
        ),
    )
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

const golden = (runner: string): string => join(import.meta.dirname, 'golden', `matchers.${runner}.txt`)

// `vitest run <this file> -u` writes the golden files.
describe('what runners print', () => {
  let cacheDirectory = ''
  beforeAll(() => void (cacheDirectory = mkdtempSync(join(tmpdir(), 'querylens-jest-'))))
  afterAll(() => rmSync(cacheDirectory, { recursive: true }))

  const jest = (options: object): Promise<string> => {
    const config = {
      rootDir,
      cacheDirectory,
      testEnvironment: 'node',
      testRegex: '(matchers|second-file)\\.case\\.ts$',
      // One worker, which runs the files in this order.
      maxWorkers: 1,
      setupFilesAfterEnv: ['@querylens/testing/jest'],
      transform: { '\\.ts$': join(rootDir, 'esbuild-transform.mjs') },
      ...options,
    }
    const program = require.resolve('jest/bin/jest')
    return run([program, '--ci', '--config', JSON.stringify(config)], {
      NODE_OPTIONS: '--experimental-vm-modules',
    })
  }

  it('in Vitest', async () => {
    const program = join(require.resolve('vitest/package.json'), '..', 'vitest.mjs')
    const output = await run([program, 'run', '--root', '.', '--config', 'vitest.config.ts'])
    await expect(output).toMatchFileSnapshot(golden('vitest'))
  })

  it('in Jest with ES modules', async () => {
    const output = await jest({ extensionsToTreatAsEsm: ['.ts'] })
    await expect(output).toMatchFileSnapshot(golden('jest'))
  })

  it.skipIf(!requiresModules)('in Jest with CommonJS (from Node 24.9 on)', async () => {
    const output = await jest({})
    await expect(output).toMatchFileSnapshot(golden('jest'))
  })

  it('in Jest, where its setup comes too early', async () => {
    const options = {
      setupFilesAfterEnv: [],
      setupFiles: ['@querylens/testing/jest'],
      testRegex: 'second-file',
    }
    const output = await jest({ ...options, extensionsToTreatAsEsm: ['.ts'] })
    expect(output).toContain('Load it in a file of setupFilesAfterEnv, rather than of setupFiles')
  })

  it('in node:test', async () => {
    const output = await run(['--experimental-strip-types', '--test', '--test-reporter=spec', 'node.case.ts'])
    await expect(output).toMatchFileSnapshot(golden('node'))
  })
})
