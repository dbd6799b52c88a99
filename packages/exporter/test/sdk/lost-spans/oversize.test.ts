import { describe, expect, it } from 'vitest'

import { isOversized } from '../../../src/sdk/lost-spans/oversize.js'

const failure = (code: unknown, message: string, data?: string): Error =>
  Object.assign(new Error(message), { code, data })

describe('isOversized', () => {
  it.each([
    ['grpc-go', 8, '8 RESOURCE_EXHAUSTED: grpc: received message larger than max (6117815 vs. 4194304)'],
    [
      'grpc-go, compressed',
      8,
      '8 RESOURCE_EXHAUSTED: grpc: received message after decompression larger than max (6624956 vs. 4194304)',
    ],
    ['grpc-go, when it sends', 8, 'trying to send message larger than max (5000000 vs. 4194304)'],
    ['grpc-js', 8, '8 RESOURCE_EXHAUSTED: Received message larger than max (5242880 vs 4194304)'],
    [
      'grpc-js, compressed',
      8,
      '8 RESOURCE_EXHAUSTED: Received message that decompresses to a size larger than 4194304',
    ],
    [
      'grpc-js, when it sends',
      8,
      '8 RESOURCE_EXHAUSTED: Attempted to send message with a size larger than 4194304',
    ],
    ['grpc-js, when it answers', 8, '8 RESOURCE_EXHAUSTED: Sent message larger than max (5 vs. 4)'],
    ['grpc-java', 8, '8 RESOURCE_EXHAUSTED: gRPC message exceeds maximum size 4194304: 5000000'],
    ['.NET', 8, '8 RESOURCE_EXHAUSTED: Received message exceeds the maximum configured message size.'],
    [
      'tonic',
      11,
      '11 OUT_OF_RANGE: Error, decoded message length too large: found 9933716 bytes, the limit is: 4194304 bytes',
    ],
    ['HTTP', 413, 'Payload Too Large'],
    ['HTTP/2, which has no status text', 413, ''],
  ])('is true for the message of %s', (_, code, message) => {
    expect(isOversized(failure(code, message))).toBe(true)
  })

  it('is true for the body of the Collector', () => {
    const body = '{"code":3,"message":"http: request body too large"}'
    expect(isOversized(failure(400, 'Bad Request', body))).toBe(true)
    expect(isOversized(failure(400, 'Bad Request', '{"code":3,"message":"readObjectStart"}'))).toBe(false)
  })

  it.each([
    [8, '8 RESOURCE_EXHAUSTED: rate limit exceeded (maximum of 100 requests a second)'],
    [8, '8 RESOURCE_EXHAUSTED: request rate exceeds the maximum'],
    [8, '8 RESOURCE_EXHAUSTED: Bandwidth exhausted or memory limit exceeded'],
    [8, '8 RESOURCE_EXHAUSTED: too many spans in flight'],
    // An HTML page, taken for a message by a gRPC client.
    [8, '8 RESOURCE_EXHAUSTED: Received message larger than max (1752460652 vs 4194304)'],
    [14, '14 UNAVAILABLE: message larger than max'],
    [429, 'Too Many Requests'],
    [500, 'request body too large'],
    ['ECONNRESET', 'read ECONNRESET'],
    [undefined, 'message larger than max'],
  ])('is false for %s %s', (code, message) => {
    expect(isOversized(failure(code, message))).toBe(false)
  })

  it.each([undefined, null, 'message larger than max', 413])('is false for %s', (value) => {
    expect(isOversized(value)).toBe(false)
  })
})
