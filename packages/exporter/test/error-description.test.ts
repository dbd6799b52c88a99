import { describe, expect, it } from 'vitest'

import { describeError } from '../src/error-description.js'

describe('describeError', () => {
  it.each([
    [
      'postgresql',
      { name: 'error', code: '23505' },
      { type: '23505', statusCode: '23505', exceptionType: 'error' },
    ],
    ['postgresql', { name: 'Error', code: 'ECONNREFUSED' }, { type: 'ECONNREFUSED', statusCode: undefined }],
    ['mysql', { name: 'Error', code: 'ER_DUP_ENTRY', errno: 1062 }, { type: '1062', statusCode: '1062' }],
    [
      'mysql',
      { name: 'Error', code: 'ECONNREFUSED', errno: -111 },
      { type: 'ECONNREFUSED', statusCode: undefined },
    ],
    ['sqlite', { name: 'SqliteError', code: 'SQLITE_CONSTRAINT' }, { type: 'SQLITE_CONSTRAINT' }],
    ['sqlite', { name: 'Error', code: 'ERR_SQLITE_ERROR', errcode: 1 }, { type: '1', statusCode: '1' }],
    ['microsoft.sql_server', { name: 'RequestError', number: 2627 }, { type: '2627', statusCode: '2627' }],
    ['other_sql', { name: 'Error', code: '42P01' }, { type: '42P01', statusCode: '42P01' }],
  ])('finds the status code of %s in %j', (system, fields, expected) => {
    expect(describeError(system, Object.assign(new Error('x'), fields))).toMatchObject(expected)
  })

  it('finds timeouts of pg and its pool', () => {
    const error = new Error('timeout exceeded when trying to connect')
    expect(describeError('postgresql', error)).toMatchObject({ type: 'timeout', exceptionType: 'Error' })
    expect(describeError('postgresql', new Error('timeout, or so')).type).toBe('Error')
  })

  it.each([
    ['a secret'],
    [undefined],
    [null],
    [42],
    [Symbol('s')],
    [{}],
    [{ name: 'has blanks', code: 'so has this' }],
  ])('describes %o as _OTHER', (error) => {
    expect(describeError('postgresql', error)).toMatchObject({
      type: '_OTHER',
      statusCode: undefined,
      exceptionType: '_OTHER',
      stackFrames: undefined,
    })
  })

  it('survives an object that throws on access', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('hands off')
        },
      },
    )
    expect(describeError('postgresql', hostile).type).toBe('_OTHER')
  })

  it('keeps the frames of a stack without the message', () => {
    const { stackFrames } = describeError('postgresql', new Error('secret\n    with lines'))
    expect(stackFrames).toMatch(/^ {4}at /)
    expect(stackFrames).not.toContain('secret')
  })

  it('does not take a line of a message for a frame', () => {
    const message = 'invalid input: "x\n    at SECRET (alice@example.com:1:2)"'
    expect(describeError('postgresql', new Error(message)).stackFrames).not.toContain('SECRET')
    const rewritten = { message: 'another one', stack: `Error: ${message}\n    at file.js:1:1` }
    expect(describeError('postgresql', rewritten).stackFrames).toBeUndefined()
  })
})
