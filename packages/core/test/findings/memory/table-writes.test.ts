import { describe, expect, it } from 'vitest'

import { TableWrites } from '../../../src/findings/memory/table-writes.js'
import { executionOf } from '../support/executions.js'

const shapeOf = (sql: string) => executionOf(sql).shape
const READ = 'select * from posts join authors on true'

describe('TableWrites', () => {
  it.each<[string, string, boolean]>([
    ['insert into posts values (1)', READ, true],
    ['update "Posts" set a = 1', READ, true],
    ['delete from blog.authors', READ, true],
    ['merge into posts using other on true when matched then delete', READ, true],
    ['with gone as (delete from posts returning *) select * from gone', READ, true],
    ['insert into posts values (1)', 'select * from blog."posts"', true],
    ['insert into comments values (1)', READ, false],
    ['insert into comments select * from posts', READ, false],
    ['update comments set a = 1', 'select 1', false],
    ['select * from posts', READ, false],
    ['set search_path to other', READ, true],
    ['call archive_posts()', READ, true],
    ['create table comments (id int)', READ, true],
    ['set role admin', 'select 1', true],
  ])('after %s reports a write for %s: %j', (write, read, expected) => {
    const writes = new TableWrites()
    writes.note(shapeOf(write), 5)
    expect(writes.hasSince(shapeOf(read), 5)).toBe(expected)
    expect(writes.hasSince(shapeOf(read), 6)).toBe(false)
  })

  it('keeps the latest of several writes', () => {
    const writes = new TableWrites()
    for (const at of [1, 4]) writes.note(shapeOf('update posts set a = 1'), at)
    expect(writes.hasSince(shapeOf(READ), 4)).toBe(true)
    expect(writes.hasSince(shapeOf(READ), 5)).toBe(false)
  })

  it('assumes a write to every table after an unknown write', () => {
    const writes = new TableWrites()
    writes.noteUnknown(3)
    expect(writes.hasSince(shapeOf(READ), 3)).toBe(true)
    expect(writes.hasSince(shapeOf(READ), 4)).toBe(false)
  })

  it('assumes a write to every table after more than 1,000 tables', () => {
    const writes = new TableWrites()
    for (let table = 0; table < 1_000; table++) writes.note(shapeOf(`update t${table} set a = 1`), table)
    expect(writes.hasSince(shapeOf(READ), 1_000)).toBe(false)
    writes.note(shapeOf('update one_more set a = 1'), 1_001)
    expect(writes.hasSince(shapeOf(READ), 1_001)).toBe(true)
  })
})
