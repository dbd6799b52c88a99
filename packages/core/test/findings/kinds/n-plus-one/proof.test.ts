import { describe, expect, it } from 'vitest'

import { isInSeveralRows, prove } from '../../../../src/findings/kinds/n-plus-one/proof.js'
import { RowMemory, type Row } from '../../../../src/findings/memory/returned-rows.js'
import { captureStack, framesOf } from '../../../../src/stack/captured-stack.js'
import { column, executionOf, memoryOf, samplesOf, sourceOf, traitsOfText } from '../../support/executions.js'

const COMMENTS = 'select * from comments where post_id = $1'
const AUTHORS = 'select * from authors where id = $1'
const POSTS = 'select id from posts'
const UUIDS = ['a', 'b', 'c', 'd'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`)

/** The proof as text: `column of summary, parameter`. */
function proven(
  memory: RowMemory,
  sql: string,
  parameters: readonly (readonly unknown[])[],
  { isRecursive = false, hasRepeats = false }: { isRecursive?: boolean; hasRepeats?: boolean } = {},
): string | undefined {
  const frames = framesOf(captureStack())
  const proof = prove(memory, {
    samples: samplesOf(...parameters),
    traits: traitsOfText(sql),
    shape: executionOf(sql).shape,
    hasRepeats,
    frames: isRecursive ? [...frames, ...frames] : frames,
  })
  return proof && `${proof.column} of ${proof.source.execution.shape.summary}, ${proof.parameter}`
}

const each = (...values: readonly unknown[]) => values.map((value) => [value])

describe('prove', () => {
  it.each<
    [string, readonly (readonly [string, readonly Row[]])[], string, readonly (readonly unknown[])[], string]
  >([
    [
      'two values by the names of the columns',
      [[POSTS, column('id', 1, 2)]],
      COMMENTS,
      each(1, 2),
      'id of select posts, 0',
    ],
    ['values in any order', [[POSTS, column('id', 1, 2, 3)]], COMMENTS, each(3, 1), 'id of select posts, 0'],
    [
      'strings that equal numbers',
      [[POSTS, column('id', '1', '2')]],
      COMMENTS,
      each(1, 2),
      'id of select posts, 0',
    ],
    [
      'UUIDs without a related name',
      [['select ref from posts', column('ref', ...UUIDS)]],
      'select * from files where owner = $1',
      each(UUIDS[2], UUIDS[0]),
      'ref of select posts, 0',
    ],
    [
      'small numbers that are the first values of the newest rows, in order',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9),
      'writer_id of select posts, 0',
    ],
    [
      'three matches of four',
      [[POSTS, column('id', 1, 2, 3)]],
      COMMENTS,
      each(1, 2, 99, 3),
      'id of select posts, 0',
    ],
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
      'the column whose values are in the order of the parameters',
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
      'the source with a related name, although another one is newer',
      [
        [POSTS, column('id', 1, 2)],
        ['select rank from scores', column('rank', 1, 2)],
      ],
      COMMENTS,
      each(1, 2),
      'id of select posts, 0',
    ],
    [
      'the table of the key, although a newer result refers to it in the same order',
      [
        [POSTS, column('id', 1, 2)],
        ['select post_id from post_tags', column('post_id', 1, 2)],
      ],
      COMMENTS,
      each(1, 2),
      'id of select posts, 0',
    ],
    [
      'the rows in the order of the parameters, although another result is newer',
      [
        ['select post_id from post_likes', column('post_id', 2, 1)],
        [POSTS, column('id', 1, 2)],
      ],
      COMMENTS,
      each(2, 1),
      'post_id of select post_likes, 0',
    ],
    [
      'the rows with one value each',
      [
        ['select post_id from post_likes', column('post_id', 1, 2)],
        ['select post_id from post_tags', column('post_id', 1, 1, 2)],
      ],
      COMMENTS,
      each(1, 2),
      'post_id of select post_likes, 0',
    ],
    [
      'half a name, although the statement itself has returned rows since',
      [
        ['select id from writers', column('id', 1, 2)],
        ['select * from posts where author_id = $1', column('id', 7, 8)],
      ],
      'select * from posts where author_id = $1',
      each(1, 2),
      'id of select writers, 0',
    ],
    [
      'the elements of a list',
      [['select related from documents', [{ related: UUIDS }]]],
      'select * from documents where id = $1',
      each(UUIDS[0], UUIDS[1]),
      'related of select documents, 0',
    ],
    [
      'a list of one element',
      [[POSTS, column('id', 1, 2)]],
      'select * from comments where post_id = any($1)',
      each([1], [2]),
      'id of select posts, 0',
    ],
    [
      'the values of an INSERT',
      [[POSTS, column('id', 1, 2)]],
      'insert into comments (post_id) values ($1)',
      each(1, 2),
      'id of select posts, 0',
    ],
  ])('proves %s', (_, results, sql, parameters, expected) => {
    expect(proven(memoryOf(...results), sql, parameters)).toBe(expected)
  })

  it.each<[string, readonly (readonly [string, readonly Row[]])[], string, readonly (readonly unknown[])[]]>([
    ['no rows', [], COMMENTS, each(1, 2)],
    ['one match', [[POSTS, column('id', 1, 2)]], COMMENTS, each(1, 99)],
    ['matches of half the samples', [[POSTS, column('id', 1, 2)]], COMMENTS, each(1, 2, 98, 99)],
    ['ids of an unrelated table', [['select id from tags', column('id', 1, 2, 3)]], AUTHORS, each(1, 2, 3)],
    ['rows of the statement itself', [[COMMENTS, column('post_id', 1, 2, 3)]], COMMENTS, each(1, 2, 3)],
    ['UUIDs of the statement itself', [[COMMENTS, column('post_id', ...UUIDS)]], COMMENTS, each(...UUIDS)],
    [
      'two values of an enumeration',
      [['select status from posts', column('status', 'paid', 'sent')]],
      'select * from orders where status = $1',
      each('paid', 'sent'),
    ],
    [
      'partly related names with values in another order',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(2, 4, 9),
    ],
    [
      'partly related names with three matches of four',
      [['select writer_id from posts', column('writer_id', 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9, 99),
    ],
    [
      'partly related names with values from the second row on',
      [['select writer_id from posts', column('writer_id', 1, 4, 2, 9)]],
      AUTHORS,
      each(4, 2, 9),
    ],
    [
      'partly related names with rows that are not the newest',
      [
        ['select writer_id from posts', column('writer_id', 4, 2, 9)],
        ['select name from tags', column('name', 'a', 'b')],
      ],
      AUTHORS,
      each(4, 2, 9),
    ],
    ['a LIMIT', [[POSTS, column('id', 1, 2, 3)]], 'select * from posts limit $1', each(1, 2, 3)],
    [
      'an OFFSET',
      [['select off from posts', column('offset', ...UUIDS)]],
      'select * from posts offset $1',
      each(...UUIDS),
    ],
    ['a range', [[POSTS, column('id', 1, 2, 3)]], 'select * from comments where post_id > $1', each(1, 2, 3)],
    [
      'a pattern',
      [['select key from posts', column('key', ...UUIDS)]],
      'select * from files where key like $1',
      each(...UUIDS),
    ],
    [
      'a parameter that does not vary',
      [[POSTS, column('id', 7, 8)]],
      'select * from comments where post_id = $1 and likes = $2',
      [
        [7, 1],
        [7, 2],
      ],
    ],
  ])('proves nothing by %s', (_, results, sql, parameters) => {
    expect(proven(memoryOf(...results), sql, parameters)).toBeUndefined()
  })

  it('prefers rows that share values for a loop that repeats values', () => {
    const memory = memoryOf(
      ['select post_id from post_tags', column('post_id', 1, 1, 2)],
      ['select post_id from post_likes', column('post_id', 1, 2)],
    )
    const of = (hasRepeats: boolean) => proven(memory, COMMENTS, each(1, 2), { hasRepeats })
    expect(of(true)).toBe('post_id of select post_tags, 0')
    expect(of(false)).toBe('post_id of select post_likes, 0')
  })

  it('prefers rows that the function of the loop received, and newer rows among equals', () => {
    const received = { ...sourceOf(POSTS), stack: captureStack() }
    const elsewhere = [1, 2].map((rank) => sourceOf(`select id, ${'a, '.repeat(rank)} b from posts`))
    const memory = new RowMemory()
    const proof = () =>
      prove(memory, {
        samples: samplesOf([1], [2]),
        traits: traitsOfText(COMMENTS),
        shape: executionOf(COMMENTS).shape,
        hasRepeats: false,
        frames: framesOf(captureStack()),
      })
    memory.add(elsewhere[0]!, column('id', 1, 2))
    memory.add(elsewhere[1]!, column('id', 1, 2))
    expect(proof()?.source).toBe(elsewhere[1])
    memory.add(received, column('id', 1, 2))
    memory.add(sourceOf('select id, c from posts'), column('id', 1, 2))
    // The two calls of `captureStack` stand in different functions here, but both in this test.
    expect(proof()?.source).toBe(received)
  })

  it('takes half a name for rows that were the newest when the loop began', () => {
    const [writers, tags] = ['select id from writers', 'select name from tags']
    const loop = 'select * from posts where author_id = $1'
    const memory = new RowMemory()
    memory.add(sourceOf(writers), column('id', 1, 2))
    // The samples begin at 1 and 2: another statement in the body of the loop has returned rows in between.
    memory.add(sourceOf(tags, 2), column('name', 'a', 'b'))
    expect(proven(memory, loop, each(1, 2))).toBe('id of select writers, 0')
    memory.add(sourceOf(tags, 1), column('name', 'a', 'b'))
    expect(proven(memory, loop, each(1, 2))).toBe('id of select writers, 0')
    // This one ran once, so it is not a part of the loop.
    memory.add(sourceOf('select name from cities', 1), column('name', 'a', 'b'))
    expect(proven(memory, loop, each(1, 2))).toBeUndefined()
  })

  it('compares only rows that arrived before the execution', () => {
    const memory = new RowMemory()
    memory.add(sourceOf(POSTS, 2), column('id', 1, 2, 3))
    // The first sample began before the rows arrived, so it does not count.
    expect(proven(memory, COMMENTS, each(1, 2))).toBeUndefined()
    expect(proven(memory, COMMENTS, each(1, 2, 3))).toBe('id of select posts, 0')
    expect(proven(memory, COMMENTS, each(99, 2, 3))).toBe('id of select posts, 0')
  })

  it('stops after 3,000 values and continues with the next call', () => {
    const sources = Array.from({ length: 14 }, (_, index) => {
      const ids = Array.from({ length: 256 }, (_row, row) => row + index * 256)
      return [POSTS, column('id', ...ids)] as const
    })
    const memory = memoryOf(...sources)
    expect(proven(memory, COMMENTS, each(1, 2))).toBeUndefined()
    expect(proven(memory, COMMENTS, each(1, 2))).toBe('id of select posts, 0')
  })

  describe('with isRecursive', () => {
    const TREE = 'select id from nodes where parent_id = $1'
    const tree = memoryOf([TREE, column('id', 2, 3)], [TREE, column('id', 4, 5)])

    it('accepts rows of the statement itself', () => {
      expect(proven(tree, TREE, each(1, 2, 4), { isRecursive: true })).toBe('id of select nodes, 0')
      expect(proven(tree, TREE, each(1, 2, 4))).toBeUndefined()
    })

    it.each<[string, readonly (readonly unknown[])[]]>([
      ['one match', each(1, 2)],
      ['one match of three', each(1, 2, 98, 99)],
      ['two matches of five', each(1, 2, 4, 97, 98, 99)],
      ['no match', each(97, 98, 99)],
    ])('proves nothing by %s', (_, parameters) => {
      expect(proven(tree, TREE, parameters, { isRecursive: true })).toBeUndefined()
    })

    it('requires a related name and a comparison for equality', () => {
      const unnamed = 'select rank from nodes where parent_id = $1'
      expect(
        proven(memoryOf([unnamed, column('rank', 2, 3, 4)]), unnamed, each(1, 2, 3, 4), {
          isRecursive: true,
        }),
      ).toBeUndefined()
      const range = 'select id from nodes where parent_id > $1'
      expect(
        proven(memoryOf([range, column('id', 2, 3, 4)]), range, each(1, 2, 3, 4), { isRecursive: true }),
      ).toBeUndefined()
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
    ['a small number without a related name', isIn(column('likes', 1, 1), 1), false],
    ['a UUID without a related name', isIn(column('ref', UUIDS[0], UUIDS[0]), UUIDS[0]), true],
    ['rows that arrived later', isIn(column('author_id', 1, 1), 1, AUTHORS, 5), false],
  ])('finds %s: $2', (_, actual, expected) => {
    expect(actual).toBe(expected)
  })
})
