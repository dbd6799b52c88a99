import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Finding } from '@querylens/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type PrintedFinding = Pick<Finding, 'path' | 'noCallSite'>

const rootDir = fileURLToPath(new URL('fixtures/jest/', import.meta.url))
const file = join(rootDir, 'lines.jest.ts')
const transformer = join(rootDir, 'esbuild-transform.mjs')
const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
const lines = readFileSync(file, 'utf8').split('\n')
const lineOf = (name: string): number => lines.findIndex((line) => line.trim() === `// here: ${name}`) + 2

describe('lines in Jest', () => {
  let cacheDirectory = ''
  beforeAll(() => void (cacheDirectory = mkdtempSync(join(tmpdir(), 'querylens-jest-'))))
  afterAll(() => rmSync(cacheDirectory, { recursive: true }))

  it.each<[string, object, string]>([
    [
      'ES modules',
      { extensionsToTreatAsEsm: ['.ts'], transform: { '\\.ts$': transformer } },
      '--experimental-vm-modules',
    ],
    // Dependencies that are ES modules become CommonJS, too.
    ['CommonJS', { transformIgnorePatterns: [], transform: { '\\.(ts|js)$': transformer } }, ''],
  ])('are those of the source, with a transform to %s', (_, options, nodeOptions) => {
    const config = {
      rootDir,
      cacheDirectory,
      testEnvironment: 'node',
      testRegex: '\\.jest\\.ts$',
      ...options,
    }
    const output = execFileSync(process.execPath, [jest, '--config', JSON.stringify(config)], {
      env: { ...process.env, NODE_OPTIONS: nodeOptions },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const findings = JSON.parse(/^FINDINGS (.*)$/m.exec(output)?.[1] ?? '[]') as readonly PrintedFinding[]
    expect(findings.map(({ path }) => path.slice(0, 2).map(({ line }) => line))).toEqual([
      [lineOf('query'), lineOf('loop')],
      [lineOf('compiled'), lineOf('handler')],
    ])
    expect(findings.map(({ path }) => path[0]?.file.endsWith('/fixtures/jest/lines.jest.ts'))).toEqual([
      true,
      true,
    ])
  })
})
