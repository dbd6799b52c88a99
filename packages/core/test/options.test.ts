import { describe, expect, it } from 'vitest'

import { QuerylensError } from '../src/errors.js'
import { checkOptions, describeValue, describeWork, optionRules } from '../src/options.js'

interface Options {
  readonly name?: string | undefined
  readonly port?: number | undefined
}

const check = (options: unknown): void =>
  checkOptions<Options>('tool()', options as Options, { name: optionRules.text, port: optionRules.port })

describe('checkOptions', () => {
  it('accepts missing options, undefined values and valid values', () => {
    expect(() => check(undefined)).not.toThrow()
    expect(() => check({ name: undefined, port: 5432 })).not.toThrow()
  })

  it.each([
    [{ nmae: 'x' }, 'QUERYLENS_UNKNOWN_OPTION', "tool() has no option 'nmae'. It takes: name, port."],
    [{ toString: 'x' }, 'QUERYLENS_UNKNOWN_OPTION', "tool() has no option 'toString'. It takes: name, port."],
    [
      { port: '5432' },
      'QUERYLENS_INVALID_OPTION',
      "Option 'port' of tool() takes an integer from 1 to 65535, but got a string of 4 characters.",
    ],
    [
      { port: 0 },
      'QUERYLENS_INVALID_OPTION',
      "Option 'port' of tool() takes an integer from 1 to 65535, but got the number 0.",
    ],
    [
      { name: null },
      'QUERYLENS_INVALID_OPTION',
      "Option 'name' of tool() takes a non-empty string, but got null.",
    ],
    [
      'x',
      'QUERYLENS_INVALID_ARGUMENT',
      'tool() takes its options as an object, but got a string of 1 character.',
    ],
    [null, 'QUERYLENS_INVALID_ARGUMENT', 'tool() takes its options as an object, but got null.'],
  ])('rejects %j with the reason and the accepted values', (options, code, message) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ code, message }) as Error)
    expect(() => check(options)).toThrow(QuerylensError)
  })
})

describe('describeValue', () => {
  it('shows the keys of an object and never its values', () => {
    expect(describeValue({ password: 'hunter2' })).toBe('an object with the keys password')
    expect(describeValue([1, 2])).toBe('an array of 2')
    expect(describeValue(() => {})).toBe('a function')
    expect(describeValue(Symbol('hunter2'))).toBe('a symbol')
    expect(describeValue({})).toBe('an object with the keys (none)')
    expect(describeValue(/hunter2/)).toBe('a regular expression')
    expect(describeValue(new Date())).toBe('a Date')
    expect(describeValue(Promise.resolve('hunter2'))).toBe('a promise')
  })
})

it.each(['s3cretword', 'postgres://user:password@db/shop', '5432', 'True'])(
  'describeValue shows no string that may be a secret: %s',
  (value) => {
    expect(describeValue(value)).toBe(`a string of ${value.length} characters`)
  },
)

it.each(['', 'true', 'off', 'undefined'])(
  'describeValue shows the string "%s", as the environment has it',
  (value) => {
    expect(describeValue(value)).toBe(`the string "${value}"`)
  },
)

it('describeWork says what to pass in place of a promise', () => {
  expect(describeWork(Promise.resolve())).toBe(
    'a promise. Pass the function that makes it, () => …, so that the work begins inside',
  )
  expect(describeWork(undefined)).toBe('undefined')
})
