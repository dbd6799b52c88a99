import { describe, expect, it } from 'vitest'

import { resolveDetectOptions } from '../../../src/findings/detect-options.js'
import type { Allowance } from '../../../src/findings/policy/allowance.js'

const resolve = (options: unknown) => resolveDetectOptions('test()', options as never)
const allowing = (allowance: unknown) => () => resolve({ allow: [allowance] })
const allowed: Allowance = { reason: 'a test', table: 'posts' }

describe('the option allow', () => {
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
  ])('accepts %j', (allowance) => {
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
  ])('rejects %s: %j', (name, value, message) => {
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
      'allow[0] of test() needs a condition: callSite, fingerprint, table, scope. To accept all findings of a kind, switch the kind off.',
    ],
    [
      { reason: 'a test', kinds: ['chatty_scope'], callSite: 'a.ts' },
      'allow[0] of test() can never match: chatty_scope findings have no callSite.',
    ],
    [
      { reason: 'a test', kinds: ['pool_wait', 'chatty_scope'], fingerprint: 'q1:0123456789abcdef' },
      'allow[0] of test() can never match: chatty_scope and pool_wait findings have no fingerprint.',
    ],
    [
      { reason: 'a test', kinds: ['long_transaction', 'idle_in_transaction'], table: 'posts' },
      'allow[0] of test() can never match: long_transaction and idle_in_transaction findings have no table.',
    ],
    [7, 'allow[0] of test() takes its options as an object, but got the number 7.'],
    ['posts', 'allow[0] of test() names the file posts, which cannot be read as JSON.'],
  ])('rejects %j', (allowance, message) => {
    expect(allowing(allowance)).toThrow(message)
  })

  it('names the invalid allowance in the error', () => {
    expect(() => resolve({ allow: [allowed, { ...allowed, colour: 'red' }] })).toThrow(
      "allow[1] of test() has no option 'colour'. It takes: reason, kinds, callSite, fingerprint, table, scope, until.",
    )
  })
})
