import { describe, expect, it } from 'vitest'

import { readTraits } from '../../../src/sql/tree/statement-traits.js'

/** The numbers of the parameters, as the text writes them. */
const identifying = (sql: string, system = 'postgresql'): readonly number[] | undefined =>
  readTraits(sql, system).identifying?.map((index) => index + 1)

describe('identifying', () => {
  it.each<[string, readonly number[]]>([
    ['update t set a = $1 where id = $2', [2]],
    ['update t set a = $1', []],
    ['update t set (a, b) = ($1, $2) where id in ($3, $4)', [3, 4]],
    ['update t set a = a + $1 where tenant = $2 and name = $3', [2, 3]],
    // The state that a row has to be in
    ['update t set version = $1 where id = $2 and version = $3', [2]],
    ['update t set version = version + 1 where id = $1 and version = $2', [1]],
    ['update t set (state, at) = ($1, $2) where id = $3 and "state" = $4', [3]],
    ['update t set expires = $1 where name = $2 and expires < $3', [2]],
    ['update t set a = $1 where id = $2 and updated_at < $3', [2]],
    // Nothing else identifies the rows
    ['update t set state = $1 where state = $2', [2]],
    ['update t set a = $1 where lower(b) like $2', [2]],
    // Whatever is beyond a bound
    ['update t set a = $1 where created_at < $2', []],
    ['delete from t where id in (select id from t where expires between $1 and $2 limit 9)', []],
    ['update t set a = $1 where lower(email) = $2', [2]],
    // A key that changes
    ['update t set author_id = $1 where tenant = $2 and author_id = $3', [2, 3]],
    ['update t set a = $1 where id = $2 and (b = $3 or c = $4)', [2, 3, 4]],
    ['update t set a = s.a from (values ($1, $2)) s(id, a) where t.id = s.id', [1, 2]],
    ['delete from t where id = $1 and created_at < $2', [1]],
    ['delete from t where a = $1 limit $2', [1]],
    ['update t set a = $1 where id = (select id from t where q = $2 limit 1 for update skip locked)', []],
    ['select id from t where q = $1 for update skip locked', []],
    ['insert into t (id, n) values ($1, $2) on conflict (id) do update set n = t.n + $3', [1]],
    ['insert into t (id, n) values ($1, $2) on conflict (lower("id")) do nothing', [1]],
    ['insert into t (a, b, n) values ($1, $2, $3) on conflict on constraint k do update set n = 1', [1, 2]],
  ])('of %s is %j', (sql, expected) => {
    expect(identifying(sql)).toEqual(expected)
  })

  it.each([
    ['select * from t where id = $1 and a = $2'],
    ['select * from t where q = $1 for update'],
    ['insert into t (id, n) values ($1, $2)'],
    ['insert into t (id, n) select $1, $2 on conflict (id) do nothing'],
    ['insert into t (id, n) values (1, $1) on conflict (id) do update set n = excluded.n'],
  ])('is not restricted for %s', (sql) => {
    expect(identifying(sql)).toBeUndefined()
  })

  it('leaves the columns out that MySQL assigns on a duplicate key', () => {
    const sql = 'insert into t (id, n) values (?, ?) on duplicate key update n = values(n)'
    expect(identifying(sql, 'mysql')).toEqual([1])
  })

  it('is empty where SQL Server skips locked rows', () => {
    const sql = 'delete top(1) from q with (rowlock, readpast) where a < @1'
    expect(identifying(sql, 'microsoft.sql_server')).toEqual([])
  })
})
