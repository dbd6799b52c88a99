import { runInNewContext } from 'node:vm'

import { describe, expect, it, vi } from 'vitest'

import { sampleOf } from '../../../src/findings/memory/parameter-sample.js'
import {
  evidenceKeyOf,
  isDistinctive,
  parametersKeyOf,
  valueKeyOf,
} from '../../../src/findings/memory/value-key.js'

const UUID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
const TIME = '2026-11-24T10:11:12.345Z'
const long = (middle: string): string => 'x'.repeat(5_000) + middle + 'x'.repeat(5_000)
const bytes = (middle: number): Uint8Array => new Uint8Array(1_000).fill(middle, 500, 501)
/** Stands for code of the application. */
const trap = (): never => {
  throw new Error('was run')
}
/** Such as Decimal and ObjectId: fields that methods turn into a value. */
class Money {
  amount: number
  toString = trap
  constructor(amount: number) {
    this.amount = amount
  }
  get text(): string {
    return trap()
  }
  toPostgres(): string {
    return trap()
  }
  toJSON(): string {
    return trap()
  }
  valueOf(): number {
    return trap()
  }
}

/** Such as Temporal: nothing of it is visible. */
class Hidden {
  readonly #amount: number
  constructor(amount: number) {
    this.#amount = amount
  }
  toJSON(): number {
    return trap() || this.#amount
  }
}

class Node {
  amount: number
  self: Node = this
  constructor(amount: number) {
    this.amount = amount
  }
}

const traps: ProxyHandler<object> = {
  get: trap,
  getOwnPropertyDescriptor: trap,
  getPrototypeOf: trap,
  has: trap,
  ownKeys: trap,
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable([1], traps)
  revoke()
  return proxy
}

describe('evidenceKeyOf', () => {
  it.each<[string, unknown, unknown]>([
    ['an integer and its text', 42, '42'],
    ['a bigint and its text', 42n, '42'],
    ['a bigint beyond 2^53 and its text', 9_007_199_254_740_993n, '9007199254740993'],
    ['-0 and 0', -0, '0'],
    ['a decimal and its text', 1.5, '1.5'],
    ['a UUID in small letters and in capitals', UUID, UUID.toUpperCase()],
    ['a Date and its ISO text', new Date(TIME), TIME],
    ['a Buffer and a Uint8Array', Buffer.from('abc'), new Uint8Array([97, 98, 99])],
    ['equal long texts', long('a'), long('a')],
    ['equal bytes', bytes(1), bytes(1)],
  ])('is equal for %s', (_, one, other) => {
    expect(evidenceKeyOf(one)).toBeDefined()
    expect(evidenceKeyOf(one)).toBe(evidenceKeyOf(other))
  })

  it.each<[string, unknown, unknown]>([
    ['letter cases', 'a', 'A'],
    ['numbers', 1, 1.5],
    ['texts of one number', '1', '01'],
    ['long texts', long('a'), long('b')],
    ['bytes', bytes(1), bytes(2)],
    ['bytes and text', Buffer.from('abc'), 'abc'],
    ['times', new Date(TIME), new Date(Date.parse(TIME) + 1)],
    ['a Date and its milliseconds', new Date(0), 0],
    ['a Date and the text of its milliseconds', new Date(0), '0'],
    ['letter cases of a text that is no UUID', `${UUID}x`, `${UUID.toUpperCase()}x`],
    ['a text without a time and a Date', '2026-11-24', new Date('2026-11-24')],
  ])('differs between %s', (_, one, other) => {
    expect(evidenceKeyOf(one)).not.toBe(evidenceKeyOf(other))
  })

  it.each([
    [''],
    [null],
    [undefined],
    [true],
    [false],
    [Number.NaN],
    [new Date(Number.NaN)],
    [{ id: 1 }],
    [[1]],
    [Symbol('id')],
    [trap],
    ['x'.repeat(70_000)],
    [Buffer.alloc(70_000)],
  ])('is undefined for common and for incomparable values: %#', (value) => {
    expect(evidenceKeyOf(value)).toBeUndefined()
  })

  it('contains no part of a long value', () => {
    expect(evidenceKeyOf(long('secret'))!.length).toBeLessThan(40)
    expect(evidenceKeyOf('x'.repeat(64))).toBe('x'.repeat(64))
    expect(evidenceKeyOf('x'.repeat(65))).not.toContain('xxx')
  })
})

describe('valueKeyOf', () => {
  it.each<[unknown, unknown]>([
    [null, null],
    [undefined, undefined],
    [true, true],
    ['', ''],
    [
      [1, 2],
      [1, 2],
    ],
    [['1'], [1]],
    [{ a: 1 }, { a: 1 }],
  ])('is equal for %j and %j', (one, other) => {
    expect(valueKeyOf(one)).toBe(valueKeyOf(other))
  })

  it.each<[unknown, unknown]>([
    [null, undefined],
    [true, false],
    [true, 'true'],
    ['', null],
    [
      [1, 2],
      [2, 1],
    ],
    [[1, 2], [12]],
    [
      [[1], 2],
      [1, [2]],
    ],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 2 }],
    [[{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }]],
    ['x'.repeat(70_000), 'x'.repeat(70_000)],
    [Symbol.iterator, Symbol.iterator],
  ])('differs between %o and %o', (one, other) => {
    expect(valueKeyOf(one)).not.toBe(valueKeyOf(other))
  })
})

describe('parametersKeyOf', () => {
  const keyOf = (...parameters: readonly unknown[]) => parametersKeyOf(parameters, 0).whole
  const visibleKeyOf = (...parameters: readonly unknown[]) => parametersKeyOf(parameters, 0).visible

  it('is equal for equal values and differs wherever values differ', () => {
    const ids = Array.from({ length: 200 }, (_, index) => index)
    for (const position of [0, 100, 199]) {
      expect(keyOf(...ids.with(position, -1))).not.toBe(keyOf(...ids))
      expect(keyOf(ids.with(position, -1))).not.toBe(keyOf(ids))
    }
    expect(keyOf(...ids)).toBe(keyOf(...ids))
    expect(keyOf('ab', 'c')).not.toBe(keyOf('a', 'bc'))
    expect(keyOf('as', 'b')).not.toBe(keyOf('a', 'sb'))
    expect(keyOf({ a: { b: 1 }, c: 2 })).not.toBe(keyOf({ a: { b: 1, c: 2 } }))
    expect(keyOf(long('a'))).not.toBe(keyOf(long('b')))
    expect(keyOf([1], [2])).not.toBe(keyOf([1, 2]))
    expect(keyOf(1)).not.toBe(keyOf(1, undefined))
  })

  it('is an integer of 53 bits', () => {
    for (let value = 0; value < 200; value++) expect(Number.isSafeInteger(keyOf(value))).toBe(true)
  })

  it('has no collisions among many values', () => {
    const keys = new Set(Array.from({ length: 50_000 }, (_, index) => keyOf(index, `user-${index % 7}`)))
    expect(keys.size).toBe(50_000)
  })

  it('differs between literals in the text', () => {
    const withLiterals = (literals: number | undefined) => parametersKeyOf([1], literals)
    expect(withLiterals(2).whole).not.toBe(withLiterals(3).whole)
    expect(withLiterals(2 ** 40).whole).not.toBe(withLiterals(0).whole)
    expect(withLiterals(undefined)).toEqual({ whole: undefined, visible: undefined })
  })

  it('is undefined for values that are too large or of an unknown type', () => {
    const cyclic: unknown[] = [1]
    cyclic.push(cyclic)
    const loop: Record<string, unknown> = {}
    loop['loop'] = loop
    const values = [
      cyclic,
      loop,
      'x'.repeat(66_000),
      Buffer.alloc(66_000),
      Array(20_000).fill(1),
      trap,
      Symbol('x'),
    ]
    for (const value of values) expect(keyOf(value)).toBeUndefined()
    // The limit holds for all parameters together.
    expect(keyOf('x'.repeat(40_000), 'x'.repeat(40_000))).toBeUndefined()
    expect(keyOf('x'.repeat(60_000))).toBeDefined()
  })

  it.each<[string, () => object]>([
    ['methods that convert it', () => new Money(5)],
    ['getters', () => Object.defineProperty({ amount: 5 }, 'text', { enumerable: true, get: trap })],
    ['a method of its own', () => ({ amount: 5, toJSON: trap })],
    ['a cycle', () => Object.assign(new Money(5), { self: new Money(5) }, { list: [1] })],
  ])('compares an object with %s by its identity, and its fields by their data', (_, make) => {
    const [one, other] = [make(), make()]
    expect(keyOf(one)).toBeDefined()
    expect(keyOf(one)).toBe(keyOf(one))
    expect(keyOf([{ at: one }])).toBe(keyOf([{ at: one }]))
    // The driver may read more than the fields, so equal fields are no equal values.
    expect(keyOf(one)).not.toBe(keyOf(other))
    expect(keyOf([one])).not.toBe(keyOf([other]))
    expect(visibleKeyOf(one)).toBe(visibleKeyOf(other))
    expect(valueKeyOf(one)).toBe(valueKeyOf(other))
    const before = keyOf(one)
    Object.assign(one, { amount: 6 })
    expect(keyOf(one)).not.toBe(before)
    expect(visibleKeyOf(one)).not.toBe(visibleKeyOf(other))
    expect(valueKeyOf(one)).not.toBe(valueKeyOf(other))
  })

  it.each<[string, () => object]>([
    ['a class without fields', () => new Hidden(5)],
    ['a Map', () => new Map([[1, 2]])],
    ['a proxy', () => new Proxy({ amount: 5 }, traps)],
    ['a proxy of a list', () => new Proxy([1, 2], traps)],
    ['a revoked proxy', () => revoked()],
  ])('finds %s equal to itself only, and never the same, because it may have changed', (_, make) => {
    const [one, other] = [make(), make()]
    expect(keyOf(one)).toBeUndefined()
    expect(keyOf([{ at: one }])).toBeUndefined()
    expect(visibleKeyOf(one)).toBe(visibleKeyOf(one))
    expect(visibleKeyOf(one)).not.toBe(visibleKeyOf(other))
    expect(valueKeyOf([one])).not.toBe(valueKeyOf([other]))
    expect(evidenceKeyOf(one)).toBeUndefined()
    expect(sampleOf([one], 1).isList).toEqual([false])
  })

  it('compares instances that hold much, or themselves, within bounds', () => {
    const large = Object.assign(new Money(5), { list: Array(100_000).fill(1) })
    const start = new Money(1)
    const graph = Array.from({ length: 100 }, () => Object.assign(new Money(1), { all: [] as unknown[] }))
    for (const node of graph) node.all.push(...graph)
    for (const values of [[start, graph[0]], [large], [new Node(5)]]) {
      expect(visibleKeyOf(...values)).toBe(visibleKeyOf(...values))
      expect(visibleKeyOf(...values)).toBeDefined()
      expect(keyOf(...values)).toBeUndefined()
    }
  })

  it('does not read the fields of an object that has too many', () => {
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index]))
    const read = vi.spyOn(Object, 'getOwnPropertyDescriptor')
    try {
      expect(keyOf(large)).toBeUndefined()
      expect(read).not.toHaveBeenCalled()
    } finally {
      read.mockRestore()
    }
  })

  it('compares data by its fields', () => {
    expect(keyOf(Object.assign(Object.create(null) as object, { a: 1 }))).toBe(keyOf({ a: 1 }))
    expect(keyOf({ toJSON: 1 })).toBe(keyOf({ toJSON: 1 }))
    expect(keyOf(runInNewContext('({ a: 1 })'))).toBe(keyOf({ a: 1 }))
    expect(keyOf(new Float64Array([1, 2]))).toBe(keyOf(new Float64Array([1, 2])))
    expect(keyOf(new Float64Array([1, 2]))).not.toBe(keyOf(new Float64Array([1, 3])))
    // A subclass may replace the methods of a date.
    const date = Object.assign(new Date(TIME), { getTime: trap, toISOString: trap })
    expect(keyOf(date)).toBe(keyOf(new Date(TIME)))
    expect(evidenceKeyOf(date)).toBe(evidenceKeyOf(new Date(TIME)))
  })
})

describe('isDistinctive', () => {
  it.each<[string, unknown, boolean]>([
    ['a UUID', UUID, true],
    ['a time', new Date(TIME), true],
    ['bytes', Buffer.from('abc'), true],
    ['an address', 'ann@example.com', true],
    ['a number', 12_345, false],
    ['a negative number', -12_345, false],
    ['a text with digits', 'order-0001', true],
    ['a long text', 'a sentence that is really long', true],
    ['a short number', 1_234, false],
    ['a number as text', '12', false],
    ['a word', 'cancelled', false],
    ['a short text with a digit', 'item-1', false],
    ['another word', 'published', false],
  ])('for %s returns %j', (_, value, expected) => {
    expect(isDistinctive(evidenceKeyOf(value)!)).toBe(expected)
  })
})
