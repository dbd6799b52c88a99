import { describe, expect, it } from 'vitest'

import {
  areOverlapping,
  proveLists,
  varyingListOf,
} from '../../../../src/findings/kinds/n-plus-one/list-per-row.js'
import type { Row } from '../../../../src/findings/memory/returned-rows.js'
import { column, executionOf, memoryOf, samplesOf, traitsOfText } from '../../support/executions.js'

type Parameters = readonly (readonly unknown[])[]

const IN = 'select * from tags where id in ($1, $2)'
const ANY = 'select * from tags where id = any($1)'
const UUIDS = ['a', 'b', 'c', 'd'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`)
const long = (from: number): readonly number[] => Array.from({ length: 12 }, (_, index) => from + index)

describe('varyingListOf', () => {
  const listIn = (sql: string, parameters: Parameters) => {
    const list = varyingListOf(samplesOf(...parameters), traitsOfText(sql), false)
    return list && [list.parameters, list.lists.map(({ length, keys }) => `${length}: ${keys.join()}`)]
  }

  it.each<[string, string, Parameters, unknown]>([
    ['an array', ANY, [[[1, 2]], [[3]]], [[0], ['2: 1,2', '1: 3']]],
    [
      'an IN',
      IN,
      [[1, 2], [3], [4, 5, 6]],
      [
        [0, 1],
        ['2: 1,2', '1: 3', '3: 4,5,6'],
      ],
    ],
    [
      'an IN between other parameters',
      'select * from tags where a = $1 and id in ($2, $3) and b = $4',
      [
        [9, 1, 2, 8],
        [9, 3, 8],
      ],
      [
        [1, 2],
        ['2: 1,2', '1: 3'],
      ],
    ],
    [
      'two arrays',
      'select * from tags where a = any($1) and b = any($2)',
      [
        [[1], [2]],
        [[3, 4], [5]],
      ],
      undefined,
    ],
    ['two INs', 'select * from tags where a in ($1) and b in ($2)', [[1, 2], [3]], undefined],
    ['a negated IN', 'select * from tags where id not in ($1, $2)', [[1, 2], [3]], undefined],
    ['an INSERT', 'insert into tags (id) values ($1), ($2)', [[1, 2], [3]], undefined],
    ['an array that is inserted', 'insert into posts (tag_ids) values ($1)', [[[1, 2]], [[3]]], undefined],
    ['a range', 'select * from tags where id between $1 and $2', [[1, 2], [3]], undefined],
  ])('for %s (%s with %j) returns %j', (_, sql, parameters, expected) => {
    expect(listIn(sql, parameters)).toEqual(expected)
  })
})

describe('proveLists', () => {
  const proven = (
    results: readonly (readonly [string, readonly Row[]])[],
    sql: string,
    parameters: Parameters,
  ): string | undefined => {
    const samples = samplesOf(...parameters)
    const list = varyingListOf(samples, traitsOfText(sql), false)!
    const proof = proveLists(memoryOf(...results), list, { samples, shape: executionOf(sql).shape })
    return proof && `${proof.column} of ${proof.source.execution.shape.summary}, ${proof.parameter}`
  }
  const rows = (...lists: readonly unknown[]) =>
    [['select tag_ids from posts', column('tag_ids', ...lists)]] as const

  it.each<[string, Parameters[number], string, Parameters]>([
    ['two lists in the order of the rows', [[1, 2], [3], [4, 5]], IN, [[1, 2], [3]]],
    ['arrays', [[1, 2], [3]], ANY, [[[1, 2]], [[3]]]],
    ['rows without a list in between', [[1, 2], null, [], [3]], ANY, [[[1, 2]], [[3]]]],
    ['JSON as text', ['[1,2]', '[3]', '{}', '[', null], IN, [[1, 2], [3]]],
    ['elements in another order', [[2, 1], [3]], ANY, [[[1, 2]], [[3]]]],
    ['long lists', [long(1), long(2)], ANY, [[long(1)], [long(2)]]],
    [
      'UUIDs in another order of the rows',
      [UUIDS.slice(0, 1), UUIDS.slice(1, 3)],
      ANY,
      [[UUIDS.slice(1, 3)], [UUIDS.slice(0, 1)]],
    ],
    ['three of four', [[1, 2], [3], [4, 5]], ANY, [[[1, 2]], [[3]], [[9, 8]], [[4, 5]]]],
  ])('proves %s', (_, lists, sql, parameters) => {
    expect(proven(rows(...lists), sql, parameters)).toBe('tag_ids of select posts, 0')
  })

  it.each<[string, Parameters[number], Parameters]>([
    ['chunks of one list', [[1, 2, 3, 4]], [[[1, 2]], [[3, 4]]]],
    [
      'chunks of several lists',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [[[1, 2]], [[3, 4]], [[5, 6]]],
    ],
    ['one list', [[1, 2], [3]], [[[1, 2]], [[7, 8]]]],
    ['numbers in another order of the rows', [[3], [1, 2]], [[[1, 2]], [[3]]]],
    ['long lists that differ at their beginning', [long(1), long(2)], [[long(3)], [long(4)]]],
    ['text that is no JSON', ['[1,2', '[1,2]]', '[3] or so]'], [[[1, 2]], [[3]]]],
    ['lists of objects', [[{}, {}], [{}]], [[[1, 2]], [[3]]]],
  ])('proves nothing by %s', (_, lists, parameters) => {
    expect(proven(rows(...lists), ANY, parameters)).toBeUndefined()
  })

  it('compares only whole lists of the first 256 elements', () => {
    const many = Array.from({ length: 200 }, (_, index) => index)
    const parameters = [[[901, 902]], [many.slice(0, 56)]]
    expect(proven(rows(many, [901, 902], many), ANY, parameters)).toBeUndefined()
    expect(proven(rows(many, [901, 902], [903]), ANY, [[[901, 902]], [[903]]])).toBeDefined()
  })

  it('compares only rows that arrived before the execution, and not those of the statement itself', () => {
    expect(proven([[ANY, column('tag_ids', [1, 2], [3])]], ANY, [[[1, 2]], [[3]]])).toBeUndefined()
  })
})

describe('areOverlapping', () => {
  it.each<[string, readonly (readonly number[])[], boolean]>([
    [
      'lists of rows',
      [
        [1, 2],
        [2, 3, 4],
        [4, 1],
        [3, 5],
      ],
      true,
    ],
    ['chunks', [[1, 2], [3, 4], [5]], false],
    ['a set that grows', [[1], [1, 2], [1, 2, 3]], false],
    ['a set that shrinks', [[1, 2, 3], [2, 3], [3]], false],
    ['mostly disjoint lists', [[1, 2], [2, 3], [4, 5], [6, 7], [8]], false],
    ['long lists', [Array(17).fill(1), Array(17).fill(2)], false],
  ])('for %s returns %j', (_, lists, expected) => {
    const samples = samplesOf(...lists.map((list) => [list]))
    expect(areOverlapping(varyingListOf(samples, traitsOfText(ANY), false)!.lists)).toBe(expected)
  })
})
