import { describe, expect, it } from 'vitest'

import { isChunked, isPaged } from '../../../../src/findings/kinds/n-plus-one/pages.js'
import { samplesOf, traitsOfText } from '../../support/executions.js'

type Parameters = readonly (readonly unknown[])[]
const each = (...values: readonly unknown[]): Parameters => values.map((value) => [value])

describe('isChunked', () => {
  it.each<[string, string, Parameters, boolean]>([
    ['lists of different lengths', 'select 1 from t where a in ($1, $2)', [[1, 2], [3]], true],
    [
      'lists of different elements',
      'select 1 from t where a in ($1, $2)',
      [
        [1, 2],
        [3, 4],
      ],
      true,
    ],
    [
      'lists that differ in one element',
      'select 1 from t where a in ($1, $2)',
      [
        [1, 2],
        [1, 3],
      ],
      false,
    ],
    [
      'several rows of an INSERT',
      'insert into t (a, b) values ($1, $2), ($3, $4)',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      true,
    ],
    [
      'one row of an INSERT',
      'insert into t (a, b) values ($1, $2)',
      [
        [1, 2],
        [3, 4],
      ],
      false,
    ],
    [
      'a list beside a key',
      'select 1 from t where a in ($1, $2) and b = $3',
      [
        [1, 2, 3],
        [1, 2, 4],
      ],
      false,
    ],
    ['arrays', 'select 1 from t where a = any($1)', each([1, 2], [3, 4]), true],
    [
      'an equal array',
      'select 1 from t where a = any($1) and b = $2',
      [
        [[1, 2], 1],
        [[1, 2], 2],
      ],
      false,
    ],
    ['arrays of one element', 'select 1 from t where a = any($1)', each([1], [2]), false],
    ['arrays, one of them with one element', 'select 1 from t where a = any($1)', each([1, 2], [3]), true],
    ['keys', 'select 1 from t where a = $1', each(1, 2), false],
    ['no executions', 'select 1 from t where a = $1', [], false],
  ])('for %s (%s with %j) returns %j', (_, sql, parameters, expected) => {
    expect(isChunked(samplesOf(...parameters), traitsOfText(sql))).toBe(expected)
  })
})

describe('isPaged', () => {
  const OFFSET = 'select 1 from t where tenant = $1 order by id limit $2 offset $3'

  it.each<[string, string, Parameters, boolean]>([
    [
      'offsets',
      OFFSET,
      [
        [1, 10, 0],
        [1, 10, 10],
        [1, 10, 20],
      ],
      true,
    ],
    [
      'two offsets of one tenant and one of another',
      OFFSET,
      [
        [1, 10, 0],
        [1, 10, 10],
        [2, 10, 0],
      ],
      true,
    ],
    [
      'one offset of each tenant',
      OFFSET,
      [
        [1, 10, 0],
        [2, 10, 10],
        [3, 10, 20],
      ],
      false,
    ],
    [
      'the same offset',
      OFFSET,
      [
        [1, 10, 0],
        [2, 10, 0],
      ],
      false,
    ],
    ['an ascending key', 'select 1 from t where id > $1 order by id limit 10', each(1, 2), true],
    ['a descending key', 'select 1 from t where id <= $1 order by id desc limit 10', each(2, 1), true],
    ['an ascending key without a LIMIT', 'select 1 from t where id > $1', each(1, 2), false],
    ['an ascending key in its order', 'select 1 from t where id > $1 order by id', each(1, 2), true],
    [
      'ranges',
      'select 1 from t where id between $1 and $2 limit 10',
      [
        [1, 2],
        [3, 4],
      ],
      true,
    ],
    ['keys with a LIMIT', 'select 1 from t where id = $1 limit 10', each(1, 2), false],
    [
      'one range for each key',
      'select 1 from t where owner = $1 and id > $2 limit 10',
      [
        [1, 2],
        [3, 4],
      ],
      false,
    ],
    ['equal parameters', 'select 1 from t where id > $1 limit 10', each(1, 1), false],
  ])('for %s (%s with %j) returns %j', (_, sql, parameters, expected) => {
    expect(isPaged(samplesOf(...parameters), traitsOfText(sql))).toBe(expected)
  })
})
