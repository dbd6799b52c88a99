import { describe, expect, it } from 'vitest'

import { readTraits } from '../../../src/sql/tree/statement-traits.js'

describe('bulk', () => {
  it.each<[string, readonly number[]]>([
    ['select * from unnest($1::int[], $2::text[]) r', [1, 2]],
    ['insert into t select * from json_to_recordset($1) as r(a int)', [1]],
    ['insert into t select * from jsonb_to_recordset(cast($1 as jsonb)) as r(a int)', [1]],
    ['select * from t where id = any($1) and a = $2', [1]],
    ['select * from t where id = any(string_to_array($1, $2)::int[])', [1, 2]],
    ['select * from t where id = any(cast($1 as varchar(20)[]))', [1]],
    ['select * from t where id <> all ($1::double precision[])', [1]],
    ["select * from t where id = any('{1,2}'::int[]) and a = $1::text", []],
    ['select * from t where id = any(array[$1, $2])', []],
    ['select * from t where id = any(select a from s where b = $1)', []],
    ['insert into t (tags) values ($1)', []],
    ['select a[1] from t where $1::int = b[2]', []],
  ])('of %s is %j', (sql, expected) => {
    expect(readTraits(sql, 'postgresql').bulk.map((index) => index + 1)).toEqual(expected)
  })

  it.each([
    ['microsoft.sql_server', 'select * from openjson(@1) with (id int)'],
    ['microsoft.sql_server', "select value from string_split(@1, ',')"],
    ['mysql', 'select * from json_table(?, "$[*]" columns (id int path "$")) r'],
    ['mysql', 'select * from t where find_in_set(id, ?)'],
    ['sqlite', 'select value from json_each(?)'],
  ])('has the parameter of %s: %s', (system, sql) => {
    expect(readTraits(sql, system).bulk).toEqual([0])
  })
})
