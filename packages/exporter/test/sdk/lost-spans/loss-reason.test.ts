import { describe, expect, it } from 'vitest'

import { describeLoss } from '../../../src/sdk/lost-spans/loss-reason.js'

describe('describeLoss', () => {
  it.each([
    [new Error('connect ECONNREFUSED 127.0.0.1:4318'), 'connect ECONNREFUSED 127.0.0.1:4318'],
    [Object.assign(new Error('Payload Too Large'), { code: 413 }), 'HTTP 413 Payload Too Large'],
    [Object.assign(new Error(''), { code: 503 }), 'HTTP 503'],
    [
      Object.assign(new Error('14 UNAVAILABLE: no connection'), { code: 14 }),
      '14 UNAVAILABLE: no connection',
    ],
    [
      Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:4318'), new Error('b')]), {
        code: 'ECONNREFUSED',
      }),
      'connect ECONNREFUSED ::1:4318',
    ],
    [Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
    [
      Object.assign(
        new Error(
          '14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 127.0.0.1:4317 (2026-11-25T02:01:28.976Z). Resolution note: ',
        ),
        { code: 14 },
      ),
      '14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 127.0.0.1:4317',
    ],
    [
      Object.assign(new Error('Bad Request'), { code: 400, data: 'http: request body too large' }),
      'HTTP 400 Bad Request (too large)',
    ],
    [
      Object.assign(new TypeError('Protocol "localhost:" not supported. Expected "https:"'), {
        code: 'ERR_INVALID_PROTOCOL',
      }),
      'the endpoint must begin with http:// or https://',
    ],
    [
      Object.assign(new Error('14 UNAVAILABLE: No connection established. Last error: Protocol error'), {
        code: 14,
      }),
      '14 UNAVAILABLE: No connection established. Last error: Protocol error; for an HTTP port set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    ],
    [
      Object.assign(new Error('write EPROTO C00C:error:0A0000C6:SSL routines'), { code: 'EPROTO' }),
      'the answer is not TLS; for a backend without TLS use an http:// endpoint',
    ],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    [undefined, 'unknown error'],
    [null, 'unknown error'],
    [{}, 'unknown error'],
  ])('describes %o as: %s', (error, reason) => {
    expect(describeLoss(error)).toBe(reason)
  })

  it.each([
    [
      'Failed to fetch https://user:s3cret@collector:4318/v1/traces',
      'Failed to fetch https://collector:4318',
    ],
    ['(http://u:s3@cret@h/p?k=s3cret#s3cret), or so', '(http://h), or so'],
    ['bad https://h?api-key=s3cret', 'bad https://h'],
    ['bad https://user:s3cr/et@h/p, that is', 'bad …'],
    ['at http://[::1]:4318/s3cret', 'at http://[::1]:4318'],
    [`user.bio='${'s3cret '.repeat(400)}' is too long`, "user.bio='…'"],
    ["name b's3cret' is 's3cret's", "name '…' is '…'"],
    ['at http://user:s3 cret@h/x', 'at …'],
    ['at http://user:1)s3cret@h/x, or so', 'at http://h, or so'],
    ["can't take user.email='s3cret@h', don't send it", "can't take user.email='…', don't send it"],
    [
      'Metadata string value "Bearer s3"cret" contains illegal characters',
      'Metadata string value "…" contains illegal characters',
    ],
    ['Invalid character in header content ["authorization"]', 'Invalid character in header content ["…"]'],
  ])('shows no secret of %j', (message, reason) => {
    expect(describeLoss(new Error(message))).toBe(reason)
  })

  it('never shows the body of an answer', () => {
    const error = Object.assign(new Error('Bad Request'), { code: 400, data: 's3cret' })
    expect(describeLoss(error)).toBe('HTTP 400 Bad Request')
  })

  it('gives one short line', () => {
    expect(describeLoss(new Error('a\n\u001B[31mb\r\nc'))).toBe('a [31mb c')
    expect(describeLoss(new Error('x'.repeat(5_000)))).toBe('x'.repeat(200))
    expect(describeLoss(new Error(`no "${'s3cret'.repeat(5_000)}"`))).toBe('no "…"')
  })

  it('does not throw for an error that throws', () => {
    const error = {
      get message(): string {
        throw new Error('no')
      },
    }
    expect(describeLoss(error)).toBe('unknown error')
    const nested: { message: string; errors: unknown[] } = { message: '', errors: [] }
    nested.errors.push(nested)
    expect(describeLoss(nested)).toBe('unknown error')
  })
})
