import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'

/** How a run of a suite has ended. */
export interface SuiteRun {
  /** What it printed. */
  readonly output: string
  /** For each test in its order: `✓` or `✗` with its name, and below it the first line of each of its errors. */
  readonly results: readonly string[]
}

interface JsonResults {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[] | null
    }[]
  }[]
}

const resolve = createRequire(import.meta.url).resolve
const transformer = join(import.meta.dirname, '../fixtures/matchers/esbuild-transform.mjs')

/** Runs test files of a folder in a process of Vitest. */
export function runVitest(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<SuiteRun> {
  const vitest = join(resolve('vitest/package.json'), '..', 'vitest.mjs')
  return withResults((file) => [
    folder,
    [
      vitest,
      'run',
      '--root',
      folder,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${file}`,
      ...args,
    ],
    env,
  ])
}

/** Runs test files of a folder in a process of Jest. */
export function runJest(
  folder: string,
  modules: 'CommonJS' | 'ES modules',
  options: object,
  env: NodeJS.ProcessEnv,
): Promise<SuiteRun> {
  const isCommon = modules === 'CommonJS'
  return withResults((file, scratch) => {
    const config = {
      rootDir: folder,
      cacheDirectory: join(scratch, 'cache'),
      testEnvironment: 'node',
      testRegex: '\\.jest\\.ts$',
      ...(isCommon
        ? { transformIgnorePatterns: [], transform: { '\\.(ts|js)$': transformer } }
        : { extensionsToTreatAsEsm: ['.ts'], transform: { '\\.ts$': transformer } }),
      ...options,
    }
    const jest = resolve('jest/bin/jest')
    const flags = isCommon ? [] : ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    return [
      folder,
      [...flags, jest, '--config', JSON.stringify(config), '--json', `--outputFile=${file}`],
      env,
    ]
  })
}

/** Runs test files in a process of `node --test`. */
export async function runNodeTest(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<SuiteRun> {
  const reporter = join(import.meta.dirname, 'first-lines-reporter.mjs')
  const output = await run(
    folder,
    [
      ...RUN_TYPESCRIPT,
      '--test',
      `--test-reporter=${reporter}`,
      '--test-reporter-destination=stdout',
      ...args,
    ],
    { ...env, NODE_TEST_CONTEXT: undefined },
  )
  const [list = ''] = output.split('\n\n')
  return { output, results: list.split('\n').map(withoutTime) }
}

/** Such as `Expected 2 queries, got 3 (…):`, without the name and the time. */
function firstLineOf(message: string): string {
  return withoutTime(message.split('\n')[0] ?? '')
}

function withoutTime(line: string): string {
  return line.replace(/ \([^()]*in the database\):$/, ' (…):')
}

async function withResults(
  command: (
    file: string,
    scratch: string,
  ) => readonly [folder: string, args: readonly string[], env: NodeJS.ProcessEnv],
): Promise<SuiteRun> {
  const scratch = mkdtempSync(join(tmpdir(), 'querylens-suite-'))
  try {
    const file = join(scratch, 'results.json')
    const output = await run(...command(file, scratch))
    if (!existsSync(file)) throw new Error(`The run has no results: ${output}`)
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as JsonResults
    const results = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .flatMap(({ status, fullName, failureMessages }) => [
        `${status === 'failed' ? '✗' : '✓'} ${fullName.trim()}`,
        ...(failureMessages ?? []).map((message) => `  ${firstLineOf(message)}`),
      ])
    return { output, results }
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** @returns both streams of a process, which may fail */
function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|TEST$|NODE_ENV|JEST)/.test(name),
  )
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolveOutput, reject) => {
    child.once('error', reject)
    child.once('close', () => resolveOutput(output))
  })
}
