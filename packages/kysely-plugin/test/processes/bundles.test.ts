import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { CallSite } from '@querylens/core'
import { build, type Format } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A finding as the fixture prints it. */
interface PrintedFinding {
  readonly count: number
  readonly path: readonly CallSite[]
  readonly message: string
}

const fixture = fileURLToPath(new URL('fixtures/bundled-application.ts', import.meta.url))
const PATHS = [
  ['query', 'loop'],
  ['transaction', 'transaction call', 'start'],
  ['compiled', 'handler', 'start'],
]
const COUNTS = [3, 5, 6]

/** The lines below the comments `// here: name` of each path. */
function linesOf(file: string): readonly (readonly number[])[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return PATHS.map((names) =>
    names.map((name) => lines.findIndex((line) => line.trim() === `// here: ${name}`) + 2),
  )
}

describe.each<[Format, minify: boolean, sourcemap: boolean]>([
  ['esm', false, true],
  ['esm', false, false],
  ['esm', true, true],
  ['esm', true, false],
  ['cjs', false, true],
  ['cjs', false, false],
  ['cjs', true, true],
  ['cjs', true, false],
])('a bundle in the format %s, minified %j, with a source map %j', (format, minify, sourcemap) => {
  let folder = ''
  let bundle = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'querylens-bundle-'))
    bundle = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs')
    await build({
      entryPoints: [fixture],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
      format,
      minify,
      sourcemap,
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([[[]], [['--enable-source-maps']]])('shows lines of the application only, with %j', (flags) => {
    const env = { ...process.env, NODE_OPTIONS: '' }
    const output = execFileSync(process.execPath, [...flags, bundle], { env, encoding: 'utf8' })
    const { faults, findings } = JSON.parse(output) as { faults: number; findings: PrintedFinding[] }
    expect(faults).toBe(0)
    expect(findings.map(({ count }) => count)).toEqual(COUNTS)
    const lines = findings.map(({ path }) => path.map(({ line }) => line))
    const files = new Set(findings.flatMap(({ path }) => path.map(({ file }) => basename(file))))
    if (sourcemap && flags.length > 0) {
      expect([lines, [...files]]).toEqual([linesOf(fixture), [basename(fixture)]])
    } else if (!minify) {
      expect([...files]).toEqual([basename(bundle)])
      const text = readFileSync(bundle, 'utf8').split('\n')
      const shown = lines.map((path) => path.map((line) => text[line - 1]?.trim()))
      expect(shown).toEqual([
        [
          expect.stringContaining('.where("post_id", "=", postId).execute()'),
          'await comments.findByPost(id);',
        ],
        [
          expect.stringContaining('await transaction.deleteFrom("comments")'),
          'await db.transaction().execute(async (transaction) => {',
          'await runInScope("job", () => handle());',
        ],
        [
          expect.stringContaining('return await db.executeQuery('),
          'for (let id = 0; id < 6; id++) await comments.findOne(id);',
          'await runInScope("job", () => handle());',
        ],
      ])
    } else {
      expect(lines).toEqual([[], [], []])
      const reason = `(no line: ${basename(bundle)} is minified, and Node has no source map of it`
      for (const { message } of findings) expect(message).toContain(reason)
      expect(findings[0]?.message).toContain('; functions: findByPost)')
    }
  })
})
