import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { CallSite } from '@querylens/core'

/** The output of the fixture. */
interface Printed {
  readonly count: number
  readonly waiting?: CallSite
  readonly parallel?: CallSite
  readonly faults: number
  /** Whether the settings of `Error` are unchanged. */
  readonly kept: boolean
}

const fixture = fileURLToPath(new URL('fixtures/anonymous-loop.ts', import.meta.url))
const lines = readFileSync(fixture, 'utf8').split('\n')
const lineOf = (name: string): number => lines.findIndex((line) => line.trim() === `// here: ${name}`) + 2

/** Runs in a new process, because Vitest names functions and sets `prepareStackTrace`. */
function run(file: string, ...options: readonly string[]): Printed {
  const setting = options.filter((option) => !option.startsWith('-'))
  const flags = options.filter((option) => option.startsWith('-'))
  const env = { ...process.env, NODE_OPTIONS: '' }
  return JSON.parse(
    execFileSync(process.execPath, [...RUN_TYPESCRIPT, ...flags, file, ...setting], {
      env,
      encoding: 'utf8',
    }),
  ) as Printed
}

describe('call sites in plain Node.js', () => {
  it.each([[[]], [['limit']], [['prepare']], [['--enable-source-maps']]])(
    'are found in functions without a name, with %j',
    (options) => {
      const printed = run(fixture, ...options)
      expect(printed).toMatchObject({ count: 2, faults: 0, kept: true })
      expect(printed.parallel?.line).toBe(lineOf('parallel'))
      expect(printed.parallel?.file).toMatch(/test\/processes\/fixtures\/anonymous-loop\.ts$/)
      expect(printed.waiting?.line).toBe(lineOf('waiting'))
      expect(printed.waiting?.function).toBeUndefined()
    },
  )

  it('are undefined with frozen intrinsics, and findings still open', () => {
    const printed = run(fixture, 'frozen')
    expect(printed).toMatchObject({ count: 2, faults: 0, kept: true })
    expect(printed.waiting).toBeUndefined()
  })
})

/** Vitest depends on a bundler. */
const bundler = createRequire(
  createRequire(createRequire(import.meta.url).resolve('vitest/package.json')).resolve('vite/package.json'),
).resolve('rolldown')

describe('call sites in a bundle', () => {
  let folder = ''
  let bundle = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'querylens-bundle-'))
    bundle = join(folder, 'bundle.mjs')
    const { build } = (await import(pathToFileURL(bundler).href)) as {
      build(options: object): Promise<unknown>
    }
    await build({ input: fixture, platform: 'node', output: { file: bundle, sourcemap: true, minify: true } })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are positions in the source with source maps', () => {
    const printed = run(bundle, '--enable-source-maps')
    expect(printed).toMatchObject({ count: 2, faults: 0 })
    expect(printed.waiting?.file).toMatch(/test\/processes\/fixtures\/anonymous-loop\.ts$/)
    expect([printed.waiting?.line, printed.parallel?.line]).toEqual([lineOf('waiting'), lineOf('parallel')])
  })

  it('are undefined in a minified bundle without source maps', () => {
    const printed = run(bundle)
    expect(printed).toMatchObject({ count: 2, faults: 0 })
    expect([printed.waiting, printed.parallel]).toEqual([undefined, undefined])
  })
})
