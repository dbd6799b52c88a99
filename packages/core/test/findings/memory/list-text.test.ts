import { describe, expect, it } from 'vitest'

import { isListText } from '../../../src/findings/memory/list-text.js'

describe('isListText', () => {
  it.each<[unknown, boolean]>([
    [[1, 2], false],
    ['[1,2]', true],
    [' [1]', false],
    ['[]', false],
    ['[{"a":1,"b":[2,3]}]', false],
    ['[{"a":1},{"a":2}]', true],
    ['["a, \\"b, c"]', false],
    ['{1,2}', true],
    ['{1}', false],
    ['{"a":1,"b":2}', true],
    ['{{1,2},{3,4}}', true],
    ['1,2', true],
    ['a b', true],
    [' a ', false],
    ['', false],
    [7, false],
    [null, false],
  ])('of %j is %j', (value, expected) => {
    expect(isListText(value)).toBe(expected)
  })

  it('takes an element that is too long to read for several', () => {
    expect(isListText(`["${'a'.repeat(9_000)}"]`)).toBe(true)
  })
})
