import { describe, expect, it } from 'vitest'

import { shortenSql } from '../../src/demo/shorten-sql.ts'

describe('shortenSql', () => {
  it.each([
    [
      'select * from "orders" where "id" = $1 order by "id" limit $2',
      'select * from orders where id = $1 limit $2',
    ],
    [
      'select "order_items"."order_id", "products"."name" from "order_items" inner join "products" on "products"."id" = "order_items"."product_id" where "order_id" = $1 order by "line"',
      'select … from order_items join products where order_id = $1',
    ],
    [
      'select "id" from (select distinct on ("a") "b", "c", count(*) from "t" order by "a") as "s" where "id" = $1',
      'select id from (select … from t) as s where id = $1',
    ],
    ['insert into "t" ("a", "b") values ($1, $2) returning *', 'insert into t values …'],
    ['select cast(count(*) as integer) as "total" from "t"', 'select … from t'],
  ])('shortens %s', (text, short) => {
    expect(shortenSql(text, 100)).toBe(short)
  })

  it('returns at most the given length', () => {
    expect(shortenSql('select * from orders', 10)).toBe('select * …')
  })
})
