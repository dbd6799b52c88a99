import { describe, expect, it } from 'vitest'

import { shortenStatement } from '../../src/report/statement-text.js'

const JOIN =
  'select "books"."id", "books"."title" from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by "books"."title"'

describe('shortenStatement', () => {
  it.each([
    ['select  a,\n  b from t', 100, 'select a, b from t'],
    [
      JOIN,
      150,
      'select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …',
    ],
    [
      JOIN,
      120,
      'select "books"."id", … from "books" inner join "authors" on … where "books"."author_id" = $1 order by …',
    ],
    [JOIN, 70, 'select … from "books" … where "books"."author_id" = $1 order by …'],
    [
      'insert into "books" ("a", "b") values ($1, $2), ($3, $4) on conflict ("a") do nothing returning "id", "title"',
      76,
      'insert into "books" (…) values (…) on conflict ("a") do nothing returning …',
    ],
    [
      'delete from "books" where "id" in ($1, $2, $3, $4, $5)',
      50,
      'delete from "books" where "id" in ($1, …)',
    ],
    [
      'with "recent" as (select * from "orders" where "at" > $1) select "id", (select count(*) from "items") as "n" from "recent" where exists (select 1 from "x") limit $2',
      90,
      'with "recent" as (…) select "id", … from "recent" where exists (…) limit $2',
    ],
    [
      'update "t" set "a" = $1, "b" = $2 where "id" = $3 returning *',
      45,
      'update "t" set … where "id" = $3 returning *',
    ],
    // Keywords in names are no clauses.
    ['select "from", "b" from "where" where "a(" = $1', 46, 'select "from", … from "where" where "a(" = $1'],
  ])('%s in %i characters', (text, width, expected) => {
    expect(shortenStatement(text, width)).toBe(expected)
  })

  it('keeps the beginning and the end of a statement that it cannot read', () => {
    const text = `explain ${'very '.repeat(30)}long`
    expect(shortenStatement(text, 40)).toBe('explain very very … very very long')
  })

  it('never exceeds the width', () => {
    for (let width = 20; width < 200; width++) {
      expect(shortenStatement(JOIN, width).length).toBeLessThanOrEqual(width)
    }
  })
})
