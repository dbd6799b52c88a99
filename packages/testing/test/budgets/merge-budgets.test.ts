import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { mergeBudgets } from '@querylens/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-budgets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function give(name: string, tests: object): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ version: 1, tests }))
  return path
}

describe('mergeBudgets', () => {
  it('merges the files of shards into a new one, in any order', () => {
    const one = give('1.json', { a: { x: 1 }, both: { x: 1, y: 3 } })
    const other = give('2.json', { b: { x: 2 }, both: { x: 2, z: 1 } })
    const merged = ['ab.json', 'ba.json'].map((name) => join(folder, name))
    mergeBudgets(merged[0]!, one, other)
    mergeBudgets(merged[1]!, other, one)
    const [ab, ba] = merged.map((path) => readFileSync(path, 'utf8'))
    expect(ab).toBe(ba)
    expect((JSON.parse(ab!) as { readonly tests: unknown }).tests).toEqual({
      a: { x: 1 },
      b: { x: 2 },
      both: { x: 2, y: 3, z: 1 },
    })
  })

  it('keeps what one of the shards has lowered or raised', () => {
    const target = give('target.json', { a: { x: 20 }, b: { x: 20, gone: 2 }, c: { x: 5 }, d: { x: 7 } })
    const one = give('1.json', { a: { x: 1 }, b: { x: 20, gone: 2 }, c: { x: 3 }, d: { x: 7 } })
    const other = give('2.json', { a: { x: 20 }, b: { x: 1 }, c: { x: 9, new: 1 } })
    mergeBudgets(target, one, other)
    expect((JSON.parse(readFileSync(target, 'utf8')) as { readonly tests: unknown }).tests).toEqual({
      a: { x: 1 },
      b: { x: 1 },
      c: { x: 9, new: 1 },
      d: { x: 7 },
    })
  })

  it('leaves the target as it is where one of the files is wrong', () => {
    const target = give('target.json', { a: { x: 1 } })
    const before = readFileSync(target, 'utf8')
    const shard = give('1.json', { b: { x: 1 } })
    const missing = join(folder, 'missing.json')
    expect(() => mergeBudgets(target, shard, missing)).toThrow(
      `The file of budgets ${missing} does not exist.`,
    )
    writeFileSync(missing, '{')
    expect(() => mergeBudgets(target, shard, missing)).toThrow('is not JSON')
    expect(readFileSync(target, 'utf8')).toBe(before)
  })
})
