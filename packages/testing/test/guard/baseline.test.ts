import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { captureQueries } from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addToBaseline, isBaselineWritten } from '../../src/guard/baseline.ts'
import { resolveGuardOptions } from '../../src/guard/guard-options.ts'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

interface Entry {
  readonly reason: string
}

let library: LibraryDatabase
let folder: string
beforeAll(async () => {
  library = await openLibrary()
  folder = mkdtempSync(join(tmpdir(), 'querylens-baseline-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await library.close()
})

describe('addToBaseline', () => {
  it('adds a finding once, and keeps the entries that are there with their reasons', async () => {
    const path = join(folder, 'kept.json')
    const { findings } = await captureQueries(() => listBooks(library.db))
    addToBaseline(path, findings)
    const [entry] = JSON.parse(readFileSync(path, 'utf8')) as readonly Entry[]
    expect(entry).toMatchObject({ kinds: ['n_plus_one'], reason: 'baseline: select books' })

    const other = { table: 'authors', reason: 'a small table' }
    const entries = [other, { ...entry, reason: 'rewritten next year' }]
    writeFileSync(path, JSON.stringify(entries))
    addToBaseline(path, findings)
    const reasons = (JSON.parse(readFileSync(path, 'utf8')) as readonly Entry[]).map(({ reason }) => reason)
    expect(reasons.toSorted()).toEqual(['a small table', 'rewritten next year'])
  })

  it('leaves a file as it is that holds something else', async () => {
    const path = join(folder, 'conflict.json')
    writeFileSync(path, '<<<<<<< HEAD\n[]\n')
    const { findings } = await captureQueries(() => listBooks(library.db))
    expect(() => addToBaseline(path, findings)).toThrow(/conflict\.json is not JSON/)
    expect(readFileSync(path, 'utf8')).toBe('<<<<<<< HEAD\n[]\n')
    expect(existsSync(`${path}.lock`)).toBe(false)
  })
})

describe('the default baseline', () => {
  it('is the nearest one above the test file, in any working directory', () => {
    const file = join(folder, 'packages', 'app', 'books.test.ts')
    const baselineOf = (testFile?: string): string => resolveGuardOptions(undefined, testFile).baseline
    expect(baselineOf(file)).toBe('querylens-baseline.json')
    writeFileSync(join(folder, 'querylens-baseline.json'), '[]')
    expect(resolve(baselineOf(file))).toBe(join(folder, 'querylens-baseline.json'))
    expect(resolve(baselineOf(pathToFileURL(file).href))).toBe(join(folder, 'querylens-baseline.json'))
    expect(baselineOf()).toBe('querylens-baseline.json')
  })
})

describe('isBaselineWritten', () => {
  it('reads QUERYLENS_BASELINE', () => {
    expect(isBaselineWritten({ QUERYLENS_BASELINE: 'write' })).toBe(true)
    expect(isBaselineWritten({ QUERYLENS_BASELINE: '' })).toBe(false)
    expect(() => isBaselineWritten({ QUERYLENS_BASELINE: 'wirte' })).toThrow(
      "QUERYLENS_BASELINE takes 'write'",
    )
  })
})
