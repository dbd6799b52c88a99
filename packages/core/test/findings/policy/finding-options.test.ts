import { describe, expect, it } from 'vitest'

import type { Allowance } from '../../../src/findings/policy/allowance.js'
import { resolveFindingOptions, type FindingOptions } from '../../../src/findings/policy/finding-options.js'

const OFF = Number.POSITIVE_INFINITY
const resolve = (options?: unknown) => resolveFindingOptions('test()', options as FindingOptions)
const allowing = (allowance: unknown) => () => resolve({ allow: [allowance] })
const allowed: Allowance = { reason: 'a test', table: 'posts' }

describe('resolveFindingOptions', () => {
  it('fills in what is documented', () => {
    expect(resolve()).toEqual({
      mode: 'report',
      nPlusOne: 5,
      nPlusOneWrite: 5,
      duplicateQuery: 2,
      chattyScope: 100,
      largeResult: { rows: 10_000, bytes: 10 * 1024 * 1024, unfilteredRows: 1_000 },
      longTransactionMillis: 5_000,
      idleInTransactionMillis: 1_000,
      poolWaitMillis: 1_000,
      alwaysCaptures: false,
      allowances: [],
      baseline: undefined,
    })
  })

  it('takes true, undefined and what is left out as the default, and false as never', () => {
    const names = [
      'nPlusOne',
      'nPlusOneWrite',
      'duplicateQuery',
      'chattyScope',
      'largeResult',
      'longTransaction',
    ]
    const all = (value: unknown) =>
      Object.fromEntries([...names, 'idleInTransaction', 'poolWait'].map((name) => [name, value]))
    for (const value of [true, undefined, {}, { threshold: undefined }].slice(0, 3)) {
      expect(resolve(all(value))).toEqual(resolve())
    }
    expect(resolve({ nPlusOne: { threshold: undefined } })).toEqual(resolve())
    expect(resolve(all(false))).toMatchObject({
      nPlusOne: OFF,
      nPlusOneWrite: OFF,
      duplicateQuery: OFF,
      chattyScope: OFF,
      largeResult: { rows: OFF, bytes: OFF, unfilteredRows: OFF },
      longTransactionMillis: OFF,
      idleInTransactionMillis: OFF,
      poolWaitMillis: OFF,
    })
  })

  it('takes the limits that are given', () => {
    expect(
      resolve({
        nPlusOne: { threshold: 3 },
        nPlusOneWrite: { threshold: 4 },
        duplicateQuery: { threshold: 6 },
        chattyScope: { threshold: 7 },
        largeResult: { rows: 8 },
        longTransaction: { durationMillis: 9 },
        idleInTransaction: { durationMillis: 10 },
        poolWait: { durationMillis: 11 },
      }),
    ).toMatchObject({
      nPlusOne: 3,
      nPlusOneWrite: 4,
      duplicateQuery: 6,
      chattyScope: 7,
      largeResult: { rows: 8, bytes: 10 * 1024 * 1024, unfilteredRows: 1_000 },
      longTransactionMillis: 9,
      idleInTransactionMillis: 10,
      poolWaitMillis: 11,
    })
  })

  it.each<[FindingOptions, boolean]>([
    [{ mode: 'report' }, false],
    [{ mode: 'warn' }, true],
    [{ mode: 'throw' }, true],
    [{ mode: 'warn', callSites: 'repeated' }, false],
    [{ callSites: 'always' }, true],
  ])('with %j, captures always: %j', (options, expected) => {
    expect(resolve(options).alwaysCaptures).toBe(expected)
  })

  it('reads the same object once', () => {
    const options = {}
    expect(resolve(options)).toBe(resolve(options))
    expect(resolve({})).not.toBe(resolve(options))
  })

  it.each<[string, unknown, RegExp]>([
    ['mode', 'error', /takes 'report' or 'warn' or 'throw', but got the string "error"/],
    [
      'nPlusOne',
      { threshold: 1 },
      /takes true, false, or an object with threshold, integers from 2, but got/,
    ],
    ['nPlusOne', { threshold: 2.5 }, /integers from 2/],
    ['nPlusOne', { threshold: OFF }, /integers from 2/],
    ['nPlusOne', { limit: 3 }, /integers from 2/],
    ['nPlusOne', 5, /but got the number 5/],
    ['nPlusOneWrite', { threshold: 1 }, /integers from 2/],
    ['duplicateQuery', { threshold: 1 }, /integers from 2/],
    ['chattyScope', { threshold: 0 }, /integers from 1/],
    ['largeResult', { rows: 0 }, /rows, bytes, unfilteredRows, integers from 1/],
    ['largeResult', { threshold: 10 }, /rows, bytes, unfilteredRows/],
    ['longTransaction', { durationMillis: 0 }, /durationMillis, integers from 1/],
    ['idleInTransaction', { threshold: 5 }, /durationMillis/],
    ['poolWait', { durationMillis: -1 }, /durationMillis/],
    ['callSites', 'never', /'repeated' or 'always'/],
    ['allow', { table: 'posts' }, /an array of allowances/],
    ['baseline', '', /the path of a baseline file, or what it holds/],
    ['baseline', 1, /the path of a baseline file, or what it holds/],
  ])('refuses %s: %j', (name, value, message) => {
    expect(() => resolve({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_OPTION',
        message: expect.stringMatching(new RegExp(`Option '${name}' of test\\(\\) .*${message.source}`)),
      }) as Error,
    )
  })

  it.each<[unknown, string]>([
    [[], 'QUERYLENS_INVALID_ARGUMENT'],
    [{ nPlusTwo: true }, 'QUERYLENS_UNKNOWN_OPTION'],
    [{ baseline: {} }, 'QUERYLENS_INVALID_BASELINE'],
    [{ baseline: [] }, 'QUERYLENS_INVALID_BASELINE'],
    [{ baseline: { version: 1, findings: [{ kind: 'n_plus_one' }] } }, 'QUERYLENS_INVALID_BASELINE'],
  ])('refuses %j', (options, code) => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ code }) as Error)
  })
})

describe('allow', () => {
  it.each<Partial<Allowance>>([
    {},
    { table: 'public.orders' },
    { callSite: 'a.ts' },
    { callSite: 'src/a.ts#größe' },
    { callSite: 'src/a file.ts#$load_2' },
    { fingerprint: 'q1:0123456789abcdef' },
    { scope: 'GET /orders/:id' },
    { until: '2020-02-29' },
    { kinds: ['n_plus_one', 'chatty_scope'] },
    { kinds: ['pool_wait'], table: undefined, scope: 'job' },
    { kinds: ['long_transaction'], table: undefined, callSite: 'a.ts' },
  ])('takes %j', (allowance) => {
    expect(allowing({ ...allowed, ...allowance })).not.toThrow()
  })

  it.each<[string, unknown, RegExp]>([
    ['callSite', '/src/a.ts', /the end of a file's path in the application/],
    ['callSite', './src/a.ts', /the end of a file's path/],
    ['callSite', 'src/a.ts:12', /without a line/],
    ['callSite', 'src\\a.ts', /the end of a file's path/],
    ['callSite', 'node_modules/x/y.js', /the end of a file's path/],
    ['callSite', 'packages/a/node_modules/x/y.js', /the end of a file's path/],
    ['callSite', 'src/a.ts#Repo.load', /the end of a file's path/],
    ['callSite', 'src/a.ts#', /the end of a file's path/],
    ['callSite', '#load', /the end of a file's path/],
    ['callSite', ' ', /the end of a file's path/],
    ['fingerprint', 'q1:123', /'q1:' and 16 hexadecimal digits/],
    ['fingerprint', 'q1:0123456789ABCDEF', /'q1:' and 16 hexadecimal digits/],
    ['table', 'posts*', /a table's whole name/],
    ['table', 'po%', /a table's whole name/],
    ['table', ' ', /a table's whole name/],
    ['scope', '  ', /a scope's whole name/],
    ['until', '2027-02-31', /a day such as '2027-03-31'/],
    ['until', '2027-3-1', /a day such as/],
    ['until', '2027-13-01', /a day such as/],
    ['until', 'tomorrow', /a day such as/],
    ['kinds', [], /one or more of n_plus_one, /],
    ['kinds', ['n_plus_two'], /one or more of n_plus_one, /],
    ['kinds', 'n_plus_one', /one or more of n_plus_one, /],
    ['reason', '', /a non-empty string/],
  ])('refuses %s: %j', (name, value, message) => {
    expect(allowing({ ...allowed, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_OPTION',
        message: expect.stringMatching(
          new RegExp(`^Option '${name}' of allow\\[0\\] of test\\(\\) takes .*${message.source}`),
        ),
      }) as Error,
    )
  })

  it.each<[unknown, string]>([
    [undefined, 'allow[0] of test() is undefined.'],
    [null, 'allow[0] of test() is null.'],
    [{ table: 'posts' }, 'allow[0] of test() needs a reason.'],
    [
      { reason: 'a test' },
      'allow[0] of test() needs a condition: callSite, fingerprint, table, scope. To allow all of a kind, switch the kind off.',
    ],
    [
      { reason: 'a test', kinds: ['chatty_scope'], callSite: 'a.ts' },
      'allow[0] of test() can match nothing: chatty_scope have no callSite.',
    ],
    [
      { reason: 'a test', kinds: ['pool_wait', 'chatty_scope'], fingerprint: 'q1:0123456789abcdef' },
      'allow[0] of test() can match nothing: pool_wait and chatty_scope have no fingerprint.',
    ],
    [
      { reason: 'a test', kinds: ['long_transaction', 'idle_in_transaction'], table: 'posts' },
      'allow[0] of test() can match nothing: long_transaction and idle_in_transaction have no table.',
    ],
    ['posts', 'allow[0] of test() takes its options as an object, but got the string "posts".'],
  ])('refuses %j', (allowance, message) => {
    expect(allowing(allowance)).toThrow(message)
  })

  it('names the place of the one that is wrong', () => {
    expect(() => resolve({ allow: [allowed, { ...allowed, colour: 'red' }] })).toThrow(
      "allow[1] of test() has no option 'colour'. It takes: reason, kinds, callSite, fingerprint, table, scope, until.",
    )
  })
})
