import { describe, expect, it } from 'vitest'

import { isChunked, isPaged } from '../../../../src/findings/kinds/n-plus-one/pages.js'
import { sampleOf } from '../../../../src/findings/memory/parameter-sample.js'
import { readLiterals } from '../../../../src/sql/tree/literals.js'
import { readTraits } from '../../../../src/sql/tree/statement-traits.js'
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

/** Samples of statements with literals alone. */
function ofTexts(texts: readonly string[], system = 'postgresql') {
  const samples = texts.map((text, at) => sampleOf([], at, readLiterals(text, system, 16)))
  return { samples, traits: readTraits(texts[0]!, system, 0) }
}

describe('literals in the text', () => {
  it.each<[string, readonly string[], string]>([
    ['an OFFSET', ['select 1 from t limit 9 offset 0', 'select 1 from t limit 9 offset 9'], 'postgresql'],
    ["MySQL's OFFSET", ['select 1 from t limit 0, 9', 'select 1 from t limit 9, 9'], 'mysql'],
    ['a key', ['select 1 from t where id > 0 limit 9', 'select 1 from t where id > 9 limit 9'], 'sqlite'],
    [
      "SQL Server's key",
      ["select top (9) a from t where id > 'a'", "select top (9) a from t where id > 'b'"],
      'microsoft.sql_server',
    ],
    [
      "SQL Server's OFFSET",
      [0, 9].map((offset) => `select a from t order by id offset ${offset} rows fetch next 9 rows only`),
      'microsoft.sql_server',
    ],
  ])('are pages with %s', (_, texts, system) => {
    const { samples, traits } = ofTexts(texts, system)
    expect(isPaged(samples, traits)).toBe(true)
  })

  it.each<[string, readonly string[], boolean]>([
    ['lists', ['delete from t where id in (1, 2)', 'delete from t where id in (3, 4)'], true],
    [
      'lists of different lengths',
      ['delete from t where id in (1, 2)', 'delete from t where id in (3)'],
      true,
    ],
    ['rows', ["insert into t values (1, 'a'), (2, 'b')", "insert into t values (3, 'c'), (4, 'd')"], true],
    ['slices', ['delete from t where id > 0 and id <= 9', 'delete from t where id > 9 and id <= 18'], true],
    ['keys', ['delete from t where id = 1', 'delete from t where id = 2'], false],
    ['one row', ["insert into t values (1, 'a')", "insert into t values (3, 'c')"], false],
  ])('of %s are chunks: %s %j', (_, texts, expected) => {
    const { samples, traits } = ofTexts(texts)
    expect(isChunked(samples, traits)).toBe(expected)
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
