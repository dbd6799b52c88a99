import { describe, expect, it } from 'vitest'

import { resolveDetectOptions, type DetectOptions } from '../../src/findings/detect-options.js'
import { KINDS } from '../../src/findings/kinds.js'

const resolve = (options?: unknown) => resolveDetectOptions('test()', options as DetectOptions)!
const withoutGiven = (options?: unknown) => ({ ...resolve(options), given: undefined })

describe('resolveDetectOptions', () => {
  it('fills in the documented defaults', () => {
    expect(resolve()).toMatchObject({
      mode: 'report',
      limits: {
        n_plus_one: { atLeast: 5 },
        n_plus_one_write: { atLeast: 5 },
        duplicate_query: { atLeast: 2 },
        chatty_scope: { atLeast: 100 },
        large_result: { rows: 10_000, bytes: 10 * 1024 * 1024, unfilteredRows: 1_000 },
        long_transaction: { durationMillis: 5_000 },
        idle_in_transaction: { durationMillis: 1_000 },
        pool_wait: { durationMillis: 1_000 },
      },
      alwaysCaptures: false,
      allowances: [],
    })
  })

  it('makes a shared detector once, and none for kinds that are off', () => {
    expect(resolve()?.factories).toHaveLength(9)
    expect(resolve({ nPlusOne: false })?.factories).toHaveLength(9)
    expect(resolve({ nPlusOne: false, nPlusOneWrite: false, duplicateQuery: false })?.factories).toHaveLength(
      8,
    )
  })

  it.each(KINDS)('accepts true, undefined and {} as the default of $option, and false as off', (kind) => {
    for (const value of [true, undefined, {}])
      expect(withoutGiven({ [kind.option]: value })).toEqual(withoutGiven())
    for (const name of Object.keys(kind.limit.defaults)) {
      expect(withoutGiven({ [kind.option]: { [name]: undefined } })).toEqual(withoutGiven())
    }
    const { limits } = resolve({ [kind.option]: false })
    expect(limits).toEqual({ ...resolve().limits, [kind.kind]: undefined })
  })

  it.each(KINDS)('applies the given limits of $option', (kind) => {
    for (const name of Object.keys(kind.limit.defaults)) {
      const { limits } = resolve({ [kind.option]: { [name]: 17 } })
      expect(limits[kind.kind]).toEqual({ ...kind.limit.defaults, [name]: 17 })
    }
  })

  it.each<[DetectOptions, boolean]>([
    [{ mode: 'report' }, false],
    [{ mode: 'warn' }, true],
    [{ mode: 'throw' }, true],
    [{ mode: 'warn', callSites: 'repeated' }, false],
    [{ callSites: 'always' }, true],
  ])('for %j resolves alwaysCaptures to %j', (options, expected) => {
    expect(resolve(options).alwaysCaptures).toBe(expected)
  })

  it('reads the same object once', () => {
    const options = {}
    expect(resolve(options)).toBe(resolve(options))
    expect(resolve({})).not.toBe(resolve(options))
  })

  it('returns one object for all defaults, and undefined for false', () => {
    expect(resolve(true)).toBe(resolve(undefined))
    expect(resolve(false)).toBeUndefined()
    expect(resolve({})).not.toBe(resolve(true))
  })

  it.each<[string, unknown, RegExp]>([
    ['mode', 'error', /takes 'report', 'warn' or 'throw', but got a string of 5 characters/],
    [
      'nPlusOne',
      { atLeast: 1 },
      /takes true, false, or an object with atLeast, an integer of 2 or more, but got \{ atLeast/,
    ],
    ['nPlusOne', { atLeast: 2.5 }, /an integer of 2 or more/],
    ['nPlusOne', { atLeast: Number.POSITIVE_INFINITY }, /an integer of 2 or more/],
    ['nPlusOne', { threshold: 3 }, /an integer of 2 or more/],
    ['nPlusOne', 5, /but got the number 5/],
    ['nPlusOneWrite', { atLeast: 1 }, /an integer of 2 or more/],
    ['duplicateQuery', { atLeast: 1 }, /an integer of 2 or more/],
    ['chattyScope', { atLeast: 1 }, /an integer of 2 or more/],
    ['largeResult', { rows: 0 }, /rows, bytes, unfilteredRows, each an integer of 1 or more/],
    ['largeResult', { atLeast: 10 }, /rows, bytes, unfilteredRows/],
    ['longTransaction', { durationMillis: 0 }, /durationMillis, an integer of 1 or more/],
    ['idleInTransaction', { atLeast: 5 }, /durationMillis/],
    ['poolWait', { durationMillis: -1 }, /durationMillis/],
    ['callSites', 'never', /'repeated' or 'always'/],
    ['allow', { table: 'posts' }, /a list of allowances and of files with allowances/],
  ])('rejects %s: %j', (name, value, message) => {
    expect(() => resolve({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_OPTION',
        message: expect.stringMatching(
          new RegExp(`Option 'detect.${name}' of test\\(\\) .*${message.source}`),
        ),
      }) as Error,
    )
  })

  it.each<[unknown, string]>([
    [[], 'QUERYLENS_INVALID_ARGUMENT'],
    [{ nPlusTwo: true }, 'QUERYLENS_UNKNOWN_OPTION'],
    [{ baseline: 'baseline.json' }, 'QUERYLENS_UNKNOWN_OPTION'],
  ])('rejects the options %j', (options, code) => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
