import { describe, expect, it } from 'vitest'

import {
  columnsOf,
  estimateBytes,
  isSeveral,
  RowMemory,
  valuesOf,
  type RowSource,
} from '../../src/detect/row-memory.js'
import { column, sourceOf } from './support/executions.js'

const KIB = 1024
const POSTS = 'select * from posts'
const ids = (count: number) => column('id', ...Array.from({ length: count }, (_, index) => index))
const texts = (count: number, units: number) =>
  column('text', ...Array<string>(count).fill('x'.repeat(units)))

/** Remembers results; at those times, if any are given. */
function remember(memory: RowMemory, results: readonly (readonly object[])[], times: readonly number[] = []) {
  return results.map((rows, index) => {
    const source = sourceOf(POSTS, 0, times[index] ?? 0)
    memory.add(source, rows as Record<string, unknown>[])
    return source
  })
}

function placesOf(source: RowSource, name: string, effort = 10_000): readonly string[] | undefined {
  const values = valuesOf(source, name, { rows: effort })
  return values && [...values.places.keys()]
}

describe('RowMemory', () => {
  it('has the newest first, and is empty in the beginning', () => {
    const memory = new RowMemory()
    expect(memory.isEmpty).toBe(true)
    const [first, second] = remember(memory, [ids(2), ids(2)])
    expect(memory.isEmpty).toBe(false)
    expect(memory.newestFirst()).toEqual([second, first])
    expect(memory.newestFirst()[0]).toBe(second)
  })

  it('remembers sixteen results', () => {
    const memory = new RowMemory()
    const sources = remember(
      memory,
      Array.from({ length: 20 }, () => ids(2)),
    )
    expect(memory.newestFirst()).toHaveLength(16)
    expect(memory.newestFirst().at(-1)).toBe(sources[4])
  })

  it('remembers the first thousand rows, in a list of its own', () => {
    const memory = new RowMemory()
    const rows = [...ids(1_500)]
    const [source] = remember(memory, [rows])
    rows.splice(0)
    expect(source!.rows).toHaveLength(1_000)
    expect(source!.rows.at(-1)).toEqual({ id: 999 })
  })

  it('forgets what is older than a minute', () => {
    const memory = new RowMemory()
    const [, second, third] = remember(memory, [ids(2), ids(2), ids(2)], [0, 1, 60_001])
    expect(memory.newestFirst()).toEqual([third, second])
    expect(memory.newestFirst()).toHaveLength(2)
  })

  it('remembers at most 1 MiB of one result, and 4 MiB of all', () => {
    const memory = new RowMemory()
    const [large] = remember(memory, [texts(200, 10 * KIB)])
    expect(large!.rows).toHaveLength(102)
    remember(memory, [texts(100, 10 * KIB), texts(100, 10 * KIB), texts(100, 10 * KIB)])
    expect(memory.newestFirst()).toHaveLength(4)
    remember(memory, [texts(100, 10 * KIB)])
    expect(memory.newestFirst()).toHaveLength(4)
    expect(memory.newestFirst()).not.toContain(large)
  })

  it('remembers one row that is larger than that, as long as nothing else comes', () => {
    const memory = new RowMemory()
    const [huge] = remember(memory, [texts(3, 5 * KIB * KIB)])
    expect(huge!.rows).toHaveLength(1)
    expect(memory.newestFirst()).toEqual([huge])
    const [small] = remember(memory, [ids(2)])
    expect(memory.newestFirst()).toEqual([small])
    // What is gone counts no more.
    remember(memory, [texts(100, 10 * KIB), texts(100, 10 * KIB)])
    expect(memory.newestFirst()).toHaveLength(3)
  })

  it('adds the chunks of a stream, and looks at their values again', () => {
    const memory = new RowMemory()
    const [source] = remember(memory, [ids(2)])
    expect(placesOf(source!, 'id')).toEqual(['0', '1'])
    memory.extend(source!, column('id', 7))
    expect(placesOf(source!, 'id')).toEqual(['0', '1', '7'])
    memory.extend(source!, ids(2_000))
    expect(source!.rows).toHaveLength(1_000)
  })

  it('adds no more bytes to a result than one may have', () => {
    const memory = new RowMemory()
    const [source] = remember(memory, [texts(60, 10 * KIB)])
    memory.extend(source!, texts(60, 10 * KIB))
    expect(source!.rows).toHaveLength(102)
    memory.extend(source!, texts(1, 10 * KIB))
    expect(source!.rows).toHaveLength(102)
  })

  it('adds nothing to what it has forgotten', () => {
    const memory = new RowMemory()
    const [first] = remember(
      memory,
      Array.from({ length: 17 }, () => ids(2)),
    )
    memory.extend(first!, ids(2))
    expect(first!.rows).toHaveLength(2)
  })
})

describe('valuesOf', () => {
  const sourceWith = (rows: readonly object[]) => remember(new RowMemory(), [rows])[0]!

  it('has each value once, in the order of the rows, and those that come again', () => {
    const source = sourceWith(column('id', 3, 1, 3, null, '2', '', 1n))
    const values = valuesOf(source, 'id', { rows: 100 })
    expect([...values!.places]).toEqual([
      ['3', 0],
      ['1', 1],
      ['2', 2],
    ])
    expect([...values!.repeated]).toEqual(['3', '1'])
  })

  it('has the elements of lists, the first hundred of each', () => {
    const source = sourceWith([
      { ids: [1, 2] },
      { ids: Array.from({ length: 200 }, (_, index) => index + 10) },
    ])
    expect(placesOf(source, 'ids')).toHaveLength(102)
  })

  it('has nothing of what has no such column, or is no row', () => {
    expect(placesOf(sourceWith([{ id: 1 }, null as never, { other: 1 }]), 'id')).toEqual(['1'])
    expect(placesOf(sourceWith([{ id: 1 }, { id: 2 }]), 'none')).toEqual([])
  })

  it('waits where there is no effort left, and remembers what it has found', () => {
    const source = sourceWith(ids(10))
    const effort = { rows: 0 }
    expect(valuesOf(source, 'id', effort)).toBeUndefined()
    effort.rows = 1
    expect(valuesOf(source, 'id', effort)?.places.size).toBe(10)
    expect(effort.rows).toBe(-9)
    expect(valuesOf(source, 'id', effort)?.places.size).toBe(10)
    expect(effort.rows).toBe(-9)
  })
})

describe('columnsOf', () => {
  it('has those of the first row, 32 at most', () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}`, index]))
    const source = remember(new RowMemory(), [[wide, { other: 1 }]])[0]!
    expect(columnsOf(source)).toHaveLength(32)
    expect(columnsOf(sourceOf(POSTS))).toEqual([])
  })
})

describe('isSeveral', () => {
  it.each<[unknown[], boolean]>([
    [[], false],
    [[{ id: 1 }], false],
    [[{ id: 1 }, { id: 2 }], true],
    [[{ id: 1, tags: ['a', 'b'] }], true],
    [[{ id: 1, tags: ['a'] }], false],
    [[null], false],
    [[1], false],
  ])('of %j is %j', (rows, expected) => {
    expect(isSeveral(rows)).toBe(expected)
  })
})

describe('estimateBytes', () => {
  it.each<[string, readonly unknown[], number]>([
    ['nothing', [], 0],
    ['numbers', ids(100), 800],
    ['texts', texts(100, 1_000), 100_000],
    ['bytes', column('data', Buffer.alloc(500), Buffer.alloc(500)), 1_000],
    ['lists', column('ids', [1, 2, 3]), 24],
    ['what is no row', [null, 1, 'text'], 0],
    // Its sample is spread over all of them.
    ['rows of two sizes', [...texts(80, 0), ...texts(80, 1_000)], 80_000],
  ])('of %s', (_, rows, expected) => {
    expect(estimateBytes(rows)).toBe(expected)
  })
})
