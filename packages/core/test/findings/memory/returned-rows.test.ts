import { runInNewContext } from 'node:vm'

import { describe, expect, it } from 'vitest'

import {
  columnsOf,
  isLoopSource,
  RowMemory,
  valuesOf,
  type ReturnedRows,
} from '../../../src/findings/memory/returned-rows.js'
import { estimateBytes } from '../../../src/findings/memory/row-size.js'
import { column, sourceOf } from '../support/executions.js'

const POSTS = 'select * from posts'
const ids = (count: number) => column('id', ...Array.from({ length: count }, (_, index) => index))
const texts = (count: number, units: number) =>
  column('text', ...Array<string>(count).fill('x'.repeat(units)))

/** Adds results to a memory, at the given times. @default 0 */
function remember(memory: RowMemory, results: readonly (readonly object[])[], times: readonly number[] = []) {
  return results.map((rows, index) => {
    const source = sourceOf(POSTS, 0, times[index] ?? 0)
    memory.add(source, rows as Record<string, unknown>[])
    return source
  })
}

const countOf = (source: ReturnedRows | undefined): number =>
  source?.columns.values().next().value?.length ?? 0

function keysOf(source: ReturnedRows, name: string, effort = 10_000): readonly string[] | undefined {
  const values = valuesOf(source, name, { values: effort })
  return values && [...values.ranks.keys()]
}

describe('RowMemory', () => {
  it('starts empty and returns the newest result first', () => {
    const memory = new RowMemory()
    expect(memory.isEmpty).toBe(true)
    const [first, second] = remember(memory, [ids(2), ids(2)])
    expect(memory.isEmpty).toBe(false)
    expect(memory.newestFirst(0)).toEqual([second, first])
    expect(memory.newestFirst(0)[0]).toBe(second)
  })

  it('reads bytes of another realm, such as those of a driver under jsdom', () => {
    const bytes = (value: number) => runInNewContext(`new Uint8Array([${value}, 7])`) as Uint8Array
    const rows = column('id', bytes(1), bytes(2))
    const [source] = remember(new RowMemory(), [rows])
    expect(keysOf(source!, 'id')).toHaveLength(2)
    expect(estimateBytes(rows)).toBe(4)
  })

  it('remembers 16 results', () => {
    const memory = new RowMemory()
    const sources = remember(
      memory,
      Array.from({ length: 20 }, () => ids(2)),
    )
    expect(memory.newestFirst(0)).toHaveLength(16)
    expect(memory.newestFirst(0).at(-1)).toBe(sources[4])
  })

  it('forgets results of a statement that has newer ones before the result of another statement', () => {
    const memory = new RowMemory()
    const users = sourceOf('select * from users', 0, 0)
    memory.add(users, ids(2))
    remember(
      memory,
      Array.from({ length: 40 }, () => ids(2)),
    )
    const tags = sourceOf('select * from tags', 0, 0)
    memory.add(tags, ids(2))
    const kept = memory.newestFirst(0)
    expect(kept).toHaveLength(16)
    expect([kept[0], kept.at(-1)]).toEqual([tags, users])
  })

  it('remembers the first 256 rows in a copy', () => {
    const memory = new RowMemory()
    const rows = [...ids(1_500)]
    const [source] = remember(memory, [rows])
    rows.splice(0)
    expect(countOf(source)).toBe(256)
    expect(source!.columns.get('id')?.at(-1)).toBe(255)
  })

  it('keeps only values that may be keys', () => {
    const uuid = '6f1cb1f4-0000-4000-8000-0123456789ab'
    const small = [1, 2n, 'text', uuid, new Date(0), Buffer.from('key')]
    const large = ['x'.repeat(65), Buffer.alloc(65), { body: 'x' }, true, null, undefined]
    const [source] = remember(new RowMemory(), [column('id', ...small, ...large)])
    expect(source!.columns.get('id')).toEqual([...small, ...large.map(() => undefined)])
  })

  it('forgets results older than a minute', () => {
    const memory = new RowMemory()
    const [, second, third] = remember(memory, [ids(2), ids(2), ids(2)], [0, 1, 60_001])
    expect(memory.newestFirst(60_001)).toEqual([third, second])
    expect(memory.newestFirst(60_002)).toEqual([third])
    expect(memory.newestFirst(200_000)).toEqual([])
  })

  it('adds the chunks of a stream to the values', () => {
    const memory = new RowMemory()
    const [source] = remember(memory, [ids(2)])
    expect(keysOf(source!, 'id')).toEqual(['0', '1'])
    memory.extend(source!, column('id', 7))
    expect(keysOf(source!, 'id')).toEqual(['0', '1', '7'])
    memory.extend(source!, ids(2_000))
    expect(countOf(source)).toBe(256)
  })

  it('adds no rows to a forgotten result', () => {
    const memory = new RowMemory()
    const [first] = remember(
      memory,
      Array.from({ length: 17 }, () => ids(2)),
    )
    memory.extend(first!, ids(2))
    expect(countOf(first)).toBe(2)
  })
})

describe('valuesOf', () => {
  const sourceWith = (rows: readonly object[]) => remember(new RowMemory(), [rows])[0]!

  it('returns distinct values in the order of the rows, and repeated values', () => {
    const source = sourceWith(column('id', 3, 1, 3, null, '2', '', 1n))
    const values = valuesOf(source, 'id', { values: 100 })
    expect([...values!.ranks]).toEqual([
      ['3', 0],
      ['1', 1],
      ['2', 2],
    ])
    expect([...values!.repeated]).toEqual(['3', '1'])
  })

  it('returns the elements of lists', () => {
    const source = sourceWith([
      { ids: [1, 2] },
      { ids: Array.from({ length: 200 }, (_, index) => index + 10) },
    ])
    expect(keysOf(source, 'ids')).toHaveLength(202)
  })

  it('skips rows without the column and values that are no rows', () => {
    expect(keysOf(sourceWith([{ id: 1 }, null as never, { other: 1 }]), 'id')).toEqual(['1'])
    expect(keysOf(sourceWith([{ id: 1 }, { id: 2 }]), 'none')).toEqual([])
  })

  it('returns undefined without effort left, and caches its result', () => {
    const source = sourceWith(ids(10))
    const effort = { values: 0 }
    expect(valuesOf(source, 'id', effort)).toBeUndefined()
    effort.values = 1
    expect(valuesOf(source, 'id', effort)?.ranks.size).toBe(10)
    expect(effort.values).toBe(-9)
    expect(valuesOf(source, 'id', effort)?.ranks.size).toBe(10)
    expect(effort.values).toBe(-9)
  })
})

describe('columnsOf', () => {
  it('returns at most 32 columns of the first row', () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}`, index]))
    const source = remember(new RowMemory(), [[wide, { other: 1 }]])[0]!
    expect(columnsOf(source)).toHaveLength(32)
    expect(columnsOf(sourceOf(POSTS))).toEqual([])
  })
})

describe('isLoopSource', () => {
  it.each<[unknown[], boolean]>([
    [[], false],
    [[{ id: 1 }], false],
    [[{ id: 1 }, { id: 2 }], true],
    [[{ id: 1, tags: ['a', 'b'] }], true],
    [[{ id: 1, tags: ['a'] }], false],
    [[null], false],
    [[1], false],
  ])('for %j returns %j', (rows, expected) => {
    expect(isLoopSource(rows)).toBe(expected)
  })
})

describe('estimateBytes', () => {
  it.each<[string, readonly unknown[], number]>([
    ['no rows', [], 0],
    ['numbers', ids(100), 800],
    ['texts', texts(100, 1_000), 100_000],
    ['bytes', column('data', Buffer.alloc(500), Buffer.alloc(500)), 1_000],
    ['lists', column('ids', [1, 2, 3]), 24],
    ['nested JSON', column('doc', { body: ['x'.repeat(500), { title: 'y'.repeat(500) }] }), 1_000],
    ['values that are no rows', [null, 1, 'text'], 0],
    // The sample is spread over all rows.
    ['rows of two sizes', [...texts(80, 0), ...texts(80, 1_000)], 80_000],
  ])('estimates %s', (_, rows, expected) => {
    expect(estimateBytes(rows)).toBe(expected)
  })
})
