import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const fingerprint = (sql: string, dialect = 'postgresql'): string =>
  analyzeQuery(sql, { dialect }).fingerprint

/** Statements of all kinds, each with its fingerprint of the first version with the prefix `q1:`. */
const known = JSON.parse(
  readFileSync(new URL('../fixtures/known-fingerprints.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly (readonly [sql: string, fingerprint: string])[]>>

describe('Fingerprint', () => {
  it.each(Object.entries(known))(
    'gives known statements of %s the fingerprints that they had before',
    (dialect, pairs) => {
      expect(pairs.map(([sql]) => [sql, fingerprint(sql, dialect)])).toEqual(pairs)
    },
  )

  it.each([
    ['select a;', 'select a'],
    [';;select a;;', 'select a'],
    ['select a; ;select b;', 'select a;select b'],
    ['select a = :name', 'select a = $1'],
    ['select a = :Zip', 'select a = $1'],
    ['select a = ?', 'select a = $1'],
    ['select ? ? ?', 'select $1 ? $2'],
    ['select a from t group by 2, a', 'select a from t group by +2, a'],
    ['select f(a order by 1)', 'select f(a order by 2)'],
    ['select a from t order by b limit 1, 2', 'select a from t order by b limit 3, 4'],
    ['select a from t order by b offset 2', 'select a from t order by b offset 3'],
    ['select a, 2 from t union select 3', 'select a, 4 from t union select 5'],
    ['select a order by b; select 1, 2', 'select a order by b; select 3, 4'],
    ['select (select a order by b), 2', 'select (select a order by b), 3'],
    ['select a as b, c as "d"', 'select a b, c "d"'],
    ['select a inner join b', 'select a join b'],
    ['select a outer apply b', 'select a apply b'],
    ['select a <> b', 'select a != b'],
    ['select null - 5', 'select null - $1'],
    ["select 'a\\''b', c", "select 'x', c"],
    ['select -5 - 6', 'select $1 - $2'],
    ['select a[b:-5]', 'select a[b:$1]'],
    ['select f(a := $1)', 'select f(a => 2)'],
    ['copy t from stdin', 'copy t from stdin;'],
    ["copy t to 'a'", "COPY t TO 'b' ;\n-- end\n"],
  ])('is equal for %s and %s', (one, other) => {
    expect(fingerprint(one)).toBe(fingerprint(other))
  })

  it.each([
    ['select a; select b', 'select a select b'],
    ['select a; select b', 'select a; select c'],
    ['select a order by b, 2', 'select a order by b, 3'],
    ['select a order by b, 2', 'select a order by b, 2 + c'],
    ['select a order by 2 desc', 'select a order by 3 desc'],
    ['select a order by 0 desc', 'select a order by desc'],
    ['select a order by .5 desc', 'select a order by desc'],
    ['select a order by 12', 'select a order by 1'],
    ['select (select a), b from t order by 1', 'select (select a), b from t order by 2'],
    ['select (select b order by 3)', 'select (select b order by 4)'],
    ['select a from t where f(b) order by 1', 'select a from t where f(b) order by 2'],
    ['select a from t where b[1] order by 1', 'select a from t where b[1] order by 2'],
    ['select a) order by 1', 'select a) order by 2'],
    ['select a as select', 'select a select'],
    ['select inner a', 'select a'],
    ['select outer join b', 'select inner b'],
    ['select (a) b', 'select (a b)'],
    ['select a[b] c', 'select a[b c]'],
    ['select a(b)', 'select a[b]'],
    ['select a.b', 'select a b'],
    ['select a, b', 'select a b'],
    ['select a::b', 'select a.b'],
    ['select a:b', 'select a::b'],
    ['select a[b:c]', 'select a[b:d]'],
    ['select a[:c]', 'select a[:d]'],
    ['select a[:c]', 'select a[$1]'],
    ['select a ? b', 'select a $1 b'],
    ['select (a) ? b', 'select (a) $1 b'],
    ['select a[1] ? b', 'select a[1] $1 b'],
    ['select "a" ? b', 'select "a" $1 b'],
    ['select null ? b', 'select null $1 b'],
    ['select $1 ? b', 'select $1 $2 b'],
    ["select 'x' ? b", "select 'x' $1 b"],
    ['select a - 5', 'select a $1'],
    ['select "a" - 5', 'select "a" $1'],
    ['select (a) - 5', 'select (a) $1'],
    ['select a[1] - 5', 'select a[1] $1'],
    ['select $1 - 5', 'select $1 $2'],
    ['select ? - 5', 'select ? $2'],
    ['select :a - 5', 'select :a $2'],
    ['select 1 - 5', 'select 1 $2'],
    ['select current_date - 5', 'select current_date $1'],
    ['select case a when b then c end - 5', 'select case a when b then c end $1'],
    ['select a - - 5', 'select a - + b'],
    ['select "id"', 'select "Id"'],
    ['select table', 'select "table"'],
    ['select a < b', 'select a <= b'],
    ['select a !== b', 'select a <>= b'],
    ['select a is null', 'select a is true'],
    ['select a is not null', 'select a is not true'],
    ['select a not null', 'select a not true'],
    ['select a as true', 'select a as false'],
    ['select a as null', 'select a as false'],
    ['copy t from stdin', 'copy t from stdin;\n1'],
  ])('differs for %s and %s', (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other))
  })

  it.each([
    ['mysql', 'select a from t where b=?and c>=?', 'select a from t where b = ? and c >= ?'],
    ['mysql', 'select a from t where b=@c and d=`e`', 'select a from t where b = @c and d = `e`'],
    ['mysql', 'select a from t where b=#c\nd', 'select a from t where b = d'],
    ['sqlite', 'select a from t where b=?1and c<>:d', 'select a from t where b = ?1 and c <> :d'],
    ['sqlite', 'select a from t where b=@c and d=`e`', 'select a from t where b = @c and d = `e`'],
    [
      'microsoft.sql_server',
      'select a from t where b=@c and d>=@e',
      'select a from t where b = @c and d >= @e',
    ],
    ['other_sql', 'select a from t where b=? and c=@d', 'select a from t where b = ? and c = @d'],
    ['other_sql', "select a from t where b = 'c\\' and d", "select a from t where b = 'c\\' or e"],
  ])('is equal in %s for %j and %j', (dialect, one, other) => {
    expect(fingerprint(one, dialect)).toBe(fingerprint(other, dialect))
  })

  it('counts a sign between two numbers as an operator in an unknown system', () => {
    const read = (sql: string): string => fingerprint(sql, 'other_sql')
    expect(read('select 99+100')).toBe(read('select 1+2'))
    expect(read('select 99+100')).not.toBe(read('select 99-100'))
    expect(read('select 99+100')).not.toBe(read('select 99 100'))
    expect(read('select a+100')).not.toBe(read('select a 100'))
    expect(read('select a from t order by 2+3')).toBe(read('select a from t order by 4+5'))
  })

  it('ignores the digits of tables only with mergeNames', () => {
    const merged = (sql: string): string =>
      analyzeQuery(sql, { dialect: 'postgresql', mergeNames: true }).fingerprint
    expect(merged('select Part_1.a from Part_1')).toBe(merged('select PART_22.a from part_22'))
    expect(merged('select * from AZ1')).toBe(merged('select * from az2'))
    expect(merged('select "p1".a from "p1"')).toBe(merged('select "p2".a from "p2"'))
    expect(merged('select * from p1')).not.toBe(merged('select * from q1'))
    expect(merged('select * from "p1"')).not.toBe(merged('select * from "P1"'))
    expect(merged('select * from p1')).not.toBe(merged('select * from p'))
    // The digits of columns and aliases count.
    expect(merged('select a1 from p1')).not.toBe(merged('select a2 from p1'))
    expect(merged('select p1.a1 from p1')).not.toBe(merged('select p1.a2 from p1'))
    expect(merged('select a from p1 as b1')).not.toBe(merged('select a from p1 as b2'))
  })
})
