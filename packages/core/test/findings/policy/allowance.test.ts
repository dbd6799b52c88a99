import { describe, expect, it } from 'vitest'

import { resolveDetectOptions } from '../../../src/findings/detect-options.js'
import type { Allowance } from '../../../src/findings/policy/allowance.js'

const resolve = (options: unknown) => resolveDetectOptions('test()', options as never)
const allowing = (allowance: unknown) => () => resolve({ allow: [allowance] })
const allowed: Allowance = { reason: 'a test', table: 'posts' }

const MAY_BE =
  'detect.allow[0] of test() has to be an allowance, or the path of a JSON file with a list of allowances'

describe('the option allow', () => {
  it.each<Partial<Allowance>>([
    {},
    { table: 'public.orders' },
    { callSite: 'a.ts' },
    { callSite: 'src/a.ts#größe' },
    { callSite: 'src/a file.ts#$load_2' },
    { callSite: { file: '/srv/bin', function: 'load' } },
    { callSite: { file: 'a.ts', function: null } },
    { callSite: null },
    { kinds: ['chatty_scope'], table: undefined, scope: 'job', callSite: null },
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
    ['callSite', { file: 'a.ts' }, /an object with exactly file and function/],
    ['callSite', { file: 'a.ts', function: undefined }, /an object with exactly file and function/],
    ['callSite', { file: '', function: 'load' }, /an object with exactly file and function/],
    ['callSite', { file: 'a.ts', function: '' }, /an object with exactly file and function/],
    ['callSite', { file: 'a.ts', function: null, line: 4 }, /an object with exactly file and function/],
    ['callSite', ['a.ts'], /the end of a file's path/],
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
    ['reason', ' ', /a sentence, but got a string of 1 character\./],
  ])('rejects %s: %j', (name, value, message) => {
    expect(allowing({ ...allowed, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_OPTION',
        message: expect.stringMatching(
          new RegExp(`^Option '${name}' of detect\\.allow\\[0\\] of test\\(\\) takes .*${message.source}`),
        ),
      }) as Error,
    )
  })

  it.each<[unknown, string]>([
    [undefined, `${MAY_BE}, but is undefined.`],
    [null, `${MAY_BE}, but is null.`],
    [7, `${MAY_BE}, but is the number 7.`],
    [[], `${MAY_BE}, but is an array of 0.`],
    [{ table: 'posts' }, 'detect.allow[0] of test() needs a reason.'],
    [
      { reason: 'a test' },
      'detect.allow[0] of test() needs a condition: callSite, fingerprint, table, scope. To accept all findings of a kind, switch the kind off.',
    ],
    [
      { reason: 'a test', kinds: ['chatty_scope'], callSite: 'a.ts' },
      'detect.allow[0] of test() can never match: chatty_scope findings have no callSite.',
    ],
    [
      { reason: 'a test', kinds: ['pool_wait', 'chatty_scope'], fingerprint: 'q1:0123456789abcdef' },
      'detect.allow[0] of test() can never match: chatty_scope and pool_wait findings have no fingerprint.',
    ],
    [
      { reason: 'a test', kinds: ['long_transaction', 'idle_in_transaction'], table: 'posts' },
      'detect.allow[0] of test() can never match: long_transaction and idle_in_transaction findings have no table.',
    ],
    [
      { reason: 'a test', kinds: ['n_plus_one'], callSite: null },
      'detect.allow[0] of test() needs a condition: callSite, ',
    ],
    [
      { reason: 'a test', kinds: ['chatty_scope'], callSite: { file: 'a.ts', function: null } },
      'detect.allow[0] of test() can never match: chatty_scope findings have no callSite.',
    ],
    ['posts', 'detect.allow[0] of test() names the file posts, which does not exist.'],
  ])('rejects %j', (allowance, message) => {
    expect(allowing(allowance)).toThrow(message)
  })

  it.each(Object.keys(allowed).concat('callSite', 'fingerprint', 'scope', 'until', 'kinds'))(
    'shows no text that stands in %s',
    (name) => {
      for (const value of ['postgres://u:s3cret@host/db', 's3cret', { s: 's3cret' }, ['s3cret']]) {
        let message = ''
        try {
          resolve({ allow: [{ ...allowed, [name]: value }] })
        } catch (error) {
          ;({ message } = error as Error)
        }
        expect(message).not.toContain('s3cret')
      }
    },
  )

  it('names the invalid allowance in the error', () => {
    expect(() => resolve({ allow: [allowed, { ...allowed, colour: 'red' }] })).toThrow(
      "detect.allow[1] of test() has no option 'colour'. It takes: reason, kinds, callSite, fingerprint, table, scope, until.",
    )
  })
})
