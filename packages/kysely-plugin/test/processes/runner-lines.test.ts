import { execFile } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { PrintedLoop } from './fixtures/runners/src/try-loops.ts'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('fixtures/runners/', import.meta.url))
const packageFolder = fileURLToPath(new URL('../../', import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
/** Jest loads ES modules from CommonJS with what Node has from this version on. */
const requiresModules = major > 24 || (major === 24 && minor >= 9)

/** Options of Jest's projects by their names. */
type JestProjects = Record<string, object>

const TYPESCRIPT = '\\.ts$'

const babel = (targets?: object) => [
  babelJest(),
  {
    configFile: false,
    presets: [
      [require.resolve('@babel/preset-env'), { targets }],
      require.resolve('@babel/preset-typescript'),
    ],
  },
]
const tsJest = (module: string, target: string) => [
  require.resolve('ts-jest'),
  {
    compiler: require.resolve('typescript-6'),
    useESM: module !== 'commonjs',
    diagnostics: false,
    tsconfig: { module, target, isolatedModules: true, esModuleInterop: true },
  },
]
const swc = [require.resolve('@swc/jest'), { swcrc: false, jsc: { parser: { syntax: 'typescript' } } }]
const esbuild = join(root, 'esbuild-transform.mjs')
const jsdom = require.resolve('jest-environment-jsdom')

const COMMON_JS: JestProjects = {
  'Jest, Babel to CommonJS': { transform: { [TYPESCRIPT]: babel({ node: 'current' }) } },
  'Jest, ts-jest to CommonJS': { transform: { [TYPESCRIPT]: tsJest('commonjs', 'es2022') } },
  'Jest, SWC to CommonJS, and jsdom': { transform: { [TYPESCRIPT]: swc }, testEnvironment: jsdom },
  'Jest, ts-jest to ES2015': { transform: { [TYPESCRIPT]: tsJest('commonjs', 'es2015') } },
  'Jest, Babel without targets': { transform: { [TYPESCRIPT]: babel() } },
}
const ES_MODULES: JestProjects = {
  'Jest, Babel to ES modules': { transform: { [TYPESCRIPT]: babel({ node: 'current' }) } },
  'Jest, ts-jest to ES modules': { transform: { [TYPESCRIPT]: tsJest('esnext', 'es2022') } },
  'Jest, SWC to ES modules, and jsdom': { transform: { [TYPESCRIPT]: swc }, testEnvironment: jsdom },
  'Jest, esbuild to ES modules': { transform: { [TYPESCRIPT]: esbuild } },
}
/** In a checkout, Querylens is not in `node_modules`. */
const WITH_DEPENDENCIES: JestProjects = {
  'Jest, Babel to CommonJS with dependencies': {
    transform: { '/node_modules/.*\\.js$': esbuild, '\\.[jt]s$': babel({ node: 'current' }) },
    transformIgnorePatterns: ['/node_modules/(?!(?:.*/)?kysely/)'],
  },
}

/** Where Babel and TypeScript write functions without `async`, V8 does not know what awaits them. */
const WITHOUT_ASYNC = ['Jest, ts-jest to ES2015', 'Jest, Babel without targets']
const PROGRAMS = [
  'Node.js',
  'Node.js, source maps',
  'tsx',
  'TypeScript to ES modules',
  'TypeScript to CommonJS',
]
const VITEST = [
  'Vitest, forks',
  'Vitest, threads',
  'Vitest, vmThreads and happy-dom',
  'Vitest, jsdom and no isolation',
]
const JEST = [
  ...Object.keys(requiresModules ? COMMON_JS : {}),
  ...Object.keys(ES_MODULES),
  ...Object.keys(WITH_DEPENDENCIES),
].filter((name) => !WITHOUT_ASYNC.includes(name))

let folder = ''
let linesFile = ''
let printed: readonly PrintedLoop[] = []

beforeAll(async () => {
  // Below the package, so that what TypeScript compiles finds its dependencies.
  mkdirSync(join(packageFolder, '.cache'), { recursive: true })
  folder = mkdtempSync(join(packageFolder, '.cache', 'runner-lines-'))
  linesFile = join(folder, 'lines.jsonl')
  writeFileSync(linesFile, '')
  // Both write into the folder: wait for the one as well if the other fails.
  const runs = await Promise.allSettled([runPrograms(), runOtherRunners()])
  for (const run of runs) if (run.status === 'rejected') throw run.reason
  printed = readFileSync(linesFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PrintedLoop)
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function runPrograms(): Promise<void> {
  await node('Node.js', ...RUN_TYPESCRIPT, 'src/main.ts')
  await node('Node.js, source maps', ...RUN_TYPESCRIPT, '--enable-source-maps', 'src/main.ts')
  await node('node:test', ...RUN_TYPESCRIPT, '--test', 'test/library.node-test.ts')
  await node('tsx', '--import', require.resolve('tsx'), 'src/main.ts')
  await node('TypeScript to ES modules', '--enable-source-maps', await compile('esnext'))
  await node('TypeScript to CommonJS', '--enable-source-maps', await compile('commonjs'))
  if (requiresModules) await runJest(COMMON_JS, ['--experimental-vm-modules'])
}

async function runOtherRunners(): Promise<void> {
  const vitest = join(require.resolve('vitest/package.json'), '../vitest.mjs')
  await node('Vitest', vitest, 'run', '--root', root)
  await runJest(ES_MODULES, ['--experimental-vm-modules'], { extensionsToTreatAsEsm: ['.ts'] })
  await runJest(WITH_DEPENDENCIES, [])
}

async function runJest(projects: JestProjects, flags: readonly string[], common?: object): Promise<void> {
  const configuration = {
    testTimeout: 60_000,
    projects: Object.entries(projects).map(([displayName, options]) => ({
      displayName,
      rootDir: root,
      cacheDirectory: join(folder, 'jest'),
      testRegex: 'test/library\\.test\\.ts$',
      globals: { RUNNER: displayName },
      ...common,
      ...options,
    })),
  }
  const jest = require.resolve('jest/bin/jest')
  await node('Jest', ...flags, jest, '--runInBand', '--config', JSON.stringify(configuration))
}

/** Compiles the fixture with source maps. @returns the file to run */
async function compile(module: 'esnext' | 'commonjs'): Promise<string> {
  const outDir = join(folder, module)
  const dependencies = join(outDir, 'node_modules/@querylens')
  mkdirSync(dependencies, { recursive: true })
  symlinkSync(packageFolder, join(dependencies, 'kysely-plugin'))
  writeFileSync(
    join(outDir, 'package.json'),
    JSON.stringify({ type: module === 'commonjs' ? 'commonjs' : 'module' }),
  )
  const tsconfig = join(outDir, 'tsconfig.json')
  const rootDir = join(packageFolder, 'test')
  writeFileSync(
    tsconfig,
    JSON.stringify({
      compilerOptions: {
        module,
        moduleResolution: 'bundler',
        target: 'es2023',
        sourceMap: true,
        rewriteRelativeImportExtensions: true,
        noCheck: true,
        types: ['node'],
        rootDir,
        outDir,
      },
      files: [join(root, 'src/main.ts')],
    }),
  )
  const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc')
  await node('tsc', tsc, '-p', tsconfig)
  return join(outDir, 'processes/fixtures/runners/src/main.js')
}

async function node(runner: string, ...args: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    LINES_FILE: linesFile,
    RUNNER: runner,
    NODE_OPTIONS: '',
    NODE_TEST_CONTEXT: undefined,
    VITEST: undefined,
  }
  await promisify(execFile)(process.execPath, ['--no-warnings', ...args], { cwd: root, env })
}

/** Babel's transform for Jest, which is a dependency of Jest. */
function babelJest(): string {
  const jest = createRequire(require.resolve('jest/package.json'))
  const cli = createRequire(jest.resolve('jest-cli/package.json'))
  return createRequire(cli.resolve('jest-config/package.json')).resolve('babel-jest')
}

/** `file:line` of the comment `// here: name`. */
function here(file: string, name: string): string {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return `${file}:${lines.findIndex((line) => line.trim() === `// here: ${name}`) + 2}`
}

const linesOf = (sites: PrintedLoop['path']): readonly string[] =>
  sites.map(({ file, line }) => `${file}:${line}`)

const query = here('src/book-repository.ts', 'awaited')
const PATHS = {
  inTurn: [query, here('src/library.ts', 'in turn')],
  atOnce: [query, here('src/library.ts', 'at once')],
  first: [here('src/book-repository.ts', 'passed on'), here('src/library.ts', 'first')],
  inTransaction: [here('src/library.ts', 'in transaction'), here('src/library.ts', 'transaction')],
  compiled: [here('src/book-repository.ts', 'compiled'), here('src/library.ts', 'titles')],
}
const TEST = 'test/library.test.ts'

/** The first two lines of each path by the name of the loop. The third one is in the test, where there is one. */
function pathsOf(runner: string): Record<string, readonly string[]> {
  const loops = printed.filter((loop) => loop.runner === runner)
  return Object.fromEntries(loops.map(({ loop, path }) => [loop, linesOf(path.slice(0, 2))]))
}

describe('lines of findings', () => {
  it.each(PROGRAMS)('are those of the source in %s', (runner) => {
    expect(pathsOf(runner)).toEqual(PATHS)
  })

  it('are those of the source in node:test', () => {
    const inTest = [query, here('test/library.node-test.ts', 'in test')]
    expect(pathsOf('node:test')).toEqual({ ...PATHS, inTest })
  })

  it.each([...VITEST, ...JEST])('are those of the source in %s', (runner) => {
    const inTest = [query, here(TEST, 'in test')]
    expect(pathsOf(runner)).toEqual({ ...PATHS, inTest })
    expect(pathsOf(`${runner}, reset`)).toEqual(PATHS)
  })

  it.each(JEST)('are those of the source in %s, where a library formats stacks', (runner) => {
    expect(pathsOf(`${runner}, formatted`)).toEqual(PATHS)
  })

  it.each([...VITEST, ...JEST])('have no frame of the runner in %s', (runner) => {
    const { frames } = printed.find((loop) => loop.runner === runner && loop.loop === 'inTurn')!
    // The frame of a loop, and those of the functions that call it.
    const lines = linesOf(frames).filter((line) => !line.startsWith('src/try-loops.ts:'))
    expect(lines).toEqual([...PATHS.inTurn, here(TEST, 'test')])
  })

  it.each(requiresModules ? WITHOUT_ASYNC : [])('are those of the source in %s', (runner) => {
    const [inTransaction = ''] = PATHS.inTransaction
    const inTest = [query, here(TEST, 'in test')]
    expect(pathsOf(runner)).toEqual({ ...PATHS, inTransaction: [inTransaction], compiled: [], inTest })
  })
})
