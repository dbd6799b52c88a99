import { describe, expect, it } from 'vitest'

import { isInSeveralRows, prove } from '../../../../src/findings/kinds/n-plus-one/proof.js'
import { RowMemory, type Row } from '../../../../src/findings/memory/returned-rows.js'
import { column, executionOf, memoryOf, samplesOf, sourceOf, traitsOfText } from '../../support/executions.js'

const COMMENTS = 'select * from comments where post_id = $1'
const AUTHORS = 'select * from authors where id = $1'
const POSTS = 'select id from posts'
const UUIDS = ['a', 'b', 'c', 'd'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`)

/** What is proven, as `column of a summary, parameter`. */
function proven(
  memory: RowMemory,
  sql: string,
  parameters: readonly (readonly unknown[])[],
  isRecursive = false,
): string | undefined {
  const proof = prove(memory, {
    samples: samplesOf(...parameters),
    traits: traitsOfText(sql),
    shape: executionOf(sql).shape,
    isRecursive,
  })
  return proof && `${proof.column} of ${proof.source.execution.shape.summary}, ${proof.parameter}`
}

const each = (...values: readonly unknown[]) => values.map((value) => [value])

describe('prove', () => {
  it.each<
    [string, readonly (readonly [string, readonly Row[]])[], string, readonly (readonly unknown[])[], string]
  >([
    ['two by name', [[POSTS, column('id', 1, 2)]], COMMENTS, each(1, 2), 'id of select posts, 0'],
    ['in any order', [[POSTS, column('id', 1, 2, 3)]], COMMENTS, each(3, 1), 'id of select posts, 0'],
    ['strings as numbers', [[POSTS, column('id', '1', '2')]], COMMENTS, each(1, 2), 'id of select posts, 0'],
    [
      'UUIDs without a name',
      [['select ref from posts', column('ref', ...UUIDS)]],
      'select * from files where owner = $1',
      each(UUIDS[2], UUIDS[0]),
      'ref of select posts, 0',
    ],
    [
      'small numbers in the order of the newest rows from the first one on',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9),
      'writer_id of select posts, 0',
    ],
    ['three of four', [[POSTS, column('id', 1, 2, 3)]], COMMENTS, each(1, 2, 99, 3), 'id of select posts, 0'],
    [
      'the parameter that varies',
      [[POSTS, column('id', 1, 2)]],
      'select * from comments where likes = $1 and post_id = $2',
      [
        [1, 1],
        [1, 2],
      ],
      'id of select posts, 1',
    ],
    [
      'the column whose rows have the order',
      [
        [
          'select * from posts',
          [
            { author_id: 1, editor_id: 3 },
            { author_id: 2, editor_id: 2 },
            { author_id: 3, editor_id: 1 },
          ],
        ],
      ],
      AUTHORS,
      each(3, 2, 1),
      'editor_id of select posts, 0',
    ],
    [
      'the source that has a name for it, before a newer one',
      [
        [POSTS, column('id', 1, 2)],
        ['select rank from scores', column('rank', 1, 2)],
      ],
      COMMENTS,
      each(1, 2),
      'id of select posts, 0',
    ],
    [
      'elements of a list',
      [['select related from documents', [{ related: UUIDS }]]],
      'select * from documents where id = $1',
      each(UUIDS[0], UUIDS[1]),
      'related of select documents, 0',
    ],
    [
      'a list of one',
      [[POSTS, column('id', 1, 2)]],
      'select * from comments where post_id = any($1)',
      each([1], [2]),
      'id of select posts, 0',
    ],
    [
      'an insertion',
      [[POSTS, column('id', 1, 2)]],
      'insert into comments (post_id) values ($1)',
      each(1, 2),
      'id of select posts, 0',
    ],
  ])('finds %s', (_, results, sql, parameters, expected) => {
    expect(proven(memoryOf(...results), sql, parameters)).toBe(expected)
  })

  it.each<[string, readonly (readonly [string, readonly Row[]])[], string, readonly (readonly unknown[])[]]>([
    ['without rows', [], COMMENTS, each(1, 2)],
    ['of one match', [[POSTS, column('id', 1, 2)]], COMMENTS, each(1, 99)],
    ['of half of them', [[POSTS, column('id', 1, 2)]], COMMENTS, each(1, 2, 98, 99)],
    [
      'of ids of an unrelated table',
      [['select id from tags', column('id', 1, 2, 3)]],
      AUTHORS,
      each(1, 2, 3),
    ],
    ['of its own rows', [[COMMENTS, column('post_id', 1, 2, 3)]], COMMENTS, each(1, 2, 3)],
    ['of its own UUIDs', [[COMMENTS, column('post_id', ...UUIDS)]], COMMENTS, each(...UUIDS)],
    [
      'of two values of an enumeration',
      [['select status from posts', column('status', 'paid', 'sent')]],
      'select * from orders where status = $1',
      each('paid', 'sent'),
    ],
    [
      'of values in another order',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(2, 4, 9),
    ],
    [
      'of three of four without a name',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9, 99),
    ],
    [
      'of values from the second row on',
      [['select writer_id from posts', column('writer_id', 1, 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9),
    ],
    [
      'of rows that are not the newest',
      [
        ['select writer_id from posts', column('writer_id', 4, 2, 9)],
        ['select name from tags', column('name', 'a', 'b')],
      ],
      AUTHORS,
      each(4, 2, 9),
    ],
    ['of a limit', [[POSTS, column('id', 1, 2, 3)]], 'select * from posts limit $1', each(1, 2, 3)],
    [
      'of an offset',
      [['select off from posts', column('offset', ...UUIDS)]],
      'select * from posts offset $1',
      each(...UUIDS),
    ],
    [
      'of a range',
      [[POSTS, column('id', 1, 2, 3)]],
      'select * from comments where post_id > $1',
      each(1, 2, 3),
    ],
    [
      'of a pattern',
      [['select key from posts', column('key', ...UUIDS)]],
      'select * from files where key like $1',
      each(...UUIDS),
    ],
    [
      'of what does not vary',
      [[POSTS, column('id', 7, 8)]],
      'select * from comments where post_id = $1 and likes = $2',
      [
        [7, 1],
        [7, 2],
      ],
    ],
  ])('does not take %s for one', (_, results, sql, parameters) => {
    expect(proven(memoryOf(...results), sql, parameters)).toBeUndefined()
  })

  it('takes only rows that were there before', () => {
    const memory = new RowMemory()
    memory.add(sourceOf(POSTS, 2), column('id', 1, 2, 3))
    // The first sample is from before: it neither counts for it nor against it.
    expect(proven(memory, COMMENTS, each(1, 2))).toBeUndefined()
    expect(proven(memory, COMMENTS, each(1, 2, 3))).toBe('id of select posts, 0')
    expect(proven(memory, COMMENTS, each(99, 2, 3))).toBe('id of select posts, 0')
  })

  it('gives up in time, and goes on with the next one', () => {
    const sources = Array.from({ length: 14 }, (_, index) => {
      const ids = Array.from({ length: 256 }, (_row, row) => row + index * 256)
      return [POSTS, column('id', ...ids)] as const
    })
    const memory = memoryOf(...sources)
    expect(proven(memory, COMMENTS, each(1, 2))).toBeUndefined()
    expect(proven(memory, COMMENTS, each(1, 2))).toBe('id of select posts, 0')
  })

  describe('of a recursion', () => {
    const TREE = 'select id from nodes where parent_id = $1'
    const tree = memoryOf([TREE, column('id', 2, 3)], [TREE, column('id', 4, 5)])

    it('takes what the statement returned itself', () => {
      expect(proven(tree, TREE, each(1, 2, 4), true)).toBe('id of select nodes, 0')
      expect(proven(tree, TREE, each(1, 2, 4), false)).toBeUndefined()
    })

    it.each<[string, readonly (readonly unknown[])[]]>([
      ['one that came from it', each(1, 2)],
      ['one of three', each(1, 2, 98, 99)],
      ['two of five', each(1, 2, 4, 97, 98, 99)],
      ['none', each(97, 98, 99)],
    ])('does not take %s for it', (_, parameters) => {
      expect(proven(tree, TREE, parameters, true)).toBeUndefined()
    })

    it('needs a name, and a comparison for equality', () => {
      const unnamed = 'select rank from nodes where parent_id = $1'
      expect(
        proven(memoryOf([unnamed, column('rank', 2, 3, 4)]), unnamed, each(1, 2, 3, 4), true),
      ).toBeUndefined()
      const range = 'select id from nodes where parent_id > $1'
      expect(proven(memoryOf([range, column('id', 2, 3, 4)]), range, each(1, 2, 3, 4), true)).toBeUndefined()
    })
  })
})

describe('isInSeveralRows', () => {
  const isIn = (rows: readonly Row[], value: unknown, sql = AUTHORS, knownSince = 0): boolean => {
    const memory = new RowMemory()
    memory.add(sourceOf('select * from posts', knownSince), rows)
    return isInSeveralRows(memory, samplesOf([value])[0]!, traitsOfText(sql), executionOf(sql).shape)
  }

  it.each<[string, boolean, boolean]>([
    ['a value in two rows', isIn(column('author_id', 1, 1), 1), true],
    ['a value in one row', isIn(column('author_id', 1, 2), 1), false],
    ['another value', isIn(column('author_id', 1, 1), 2), false],
    ['a small number without a name', isIn(column('likes', 1, 1), 1), false],
    ['a telling value without a name', isIn(column('ref', UUIDS[0], UUIDS[0]), UUIDS[0]), true],
    ['rows that came later', isIn(column('author_id', 1, 1), 1, AUTHORS, 5), false],
  ])('for %s', (_, actual, expected) => {
    expect(actual).toBe(expected)
  })
})
