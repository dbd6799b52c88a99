import { describe, expect, it } from 'vitest'

import { relationOf, tableOfUse } from '../../../../src/findings/kinds/n-plus-one/column-relation.js'
import { executionOf, traitsOfText } from '../../support/executions.js'

describe('relationOf', () => {
  it.each<[from: string, to: string, relation: number]>([
    ['posts.id', 'comments.post_id', 2],
    ['posts.id', 'comments.postId', 2],
    ['categories.id', 'posts.category_id', 2],
    ['blog.posts.id', 'blog.comments.post_id', 2],
    ['posts.author_id', 'authors.id', 2],
    ['posts.id', 'posts.id', 2],
    ['posts.author_id', 'profiles.author_id', 1.5],
    ['posts.uuid', 'comments.post_uuid', 2],
    ['posts.slug', 'comments.post_slug', 2],
    ['posts.writer_id', 'authors.id', 1],
    ['posts.id', 'posts.parent_id', 1],
    ['posts.title', 'notes.title', 0.5],
    ['posts.id', 'comments.id', 0],
    ['posts.id', 'comments.likes', 0],
    ['posts.likes', 'comments.post_id', 0],
    ['posts.title', 'comments.body', 0],
    ['posts.id', 'comments.post_slug', 0],
    ['posts.author_id', 'comments.post_id', 0],
    // A name of two letters is too short to name a table.
    ['pa.id', 'comments.pa_id', 1],
  ])('rates %s and %s as %d', (from, to, expected) => {
    const [fromTable, fromColumn] = split(from)
    const [toTable, toColumn] = split(to)
    const text = `select * from ${toTable} where "${toColumn}" = $1`
    const source = executionOf(`select * from ${fromTable}`).shape
    const traits = traitsOfText(text)
    const [use] = traits.parameters
    expect(use?.column).toBe(toColumn)
    expect(relationOf(source, fromColumn, use, tableOfUse(use, traits, executionOf(text).shape))).toBe(
      expected,
    )
  })

  it('rates a parameter without a known column as 0', () => {
    const { shape } = executionOf('select $1')
    expect(relationOf(shape, 'id', undefined, 'posts')).toBe(0)
    expect(relationOf(shape, 'id', traitsOfText('select $1').parameters[0], 'posts')).toBe(0)
  })
})

function split(name: string): readonly [table: string, column: string] {
  const dot = name.lastIndexOf('.')
  return [name.slice(0, dot), name.slice(dot + 1)]
}
