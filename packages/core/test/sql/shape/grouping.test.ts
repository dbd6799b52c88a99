import { runInNewContext } from 'node:vm'

import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const fingerprint = (dialect: string, sql: string, mergeNames = false): string =>
  analyzeQuery(sql, { dialect, mergeNames }).fingerprint

describe('Fingerprint by the rules of a system', () => {
  it.each([
    // casts and types of constants
    ['postgresql', 'select cast(cast($1 as text) as int) from t', 'select $1 from t'],
    ['postgresql', "select cast(cast('a' as varchar(3)) as int)::text from t", 'select $1 from t'],
    ['postgresql', 'select cast($1::text as int), b from t', 'select $1, b from t'],
    ['postgresql', 'select f(cast(cast($1 as text) as int), $2) from t', 'select f($1, $2) from t'],
    ['postgresql', 'select $1::timestamp(3) with time zone from t', 'select $1 from t'],
    ['postgresql', 'select $1::national character varying(3) from t', 'select $1 from t'],
    ['postgresql', 'select $1::double precision[] from t', 'select $1 from t'],
    ['postgresql', 'select $1::interval day to second(3) from t', 'select $1 from t'],
    ['postgresql', "select interval '8.1' second(3) from t", 'select $1 from t'],
    ['postgresql', "select interval '8.1' day to second (3), b from t", 'select $1, b from t'],
    ['postgresql', "select U&'d!0061t' uescape '!' from t", 'select $1 from t'],
    ['postgresql', "select U&'a' /* x */ UESCAPE /* y */ '!' from t", 'select $1 from t'],
    ['mysql', "select _utf8'x', _utf8mb4 'y', _binary 0x12 from t", "select 'x', 'y', 'z' from t"],
    // signs
    ['postgresql', 'select * from t where a = - $1', 'select * from t where a = $1'],
    ['postgresql', 'select * from t where a in (-$1, +$2)', 'select * from t where a in (1)'],
    ['postgresql', 'select -/* x */ -- y\n $1', 'select -$1'],
    ['mysql', 'select * from t where a = -?', 'select * from t where a = -5'],
    // letter case of quoted names
    ['microsoft.sql_server', 'select [Id], "No" from t', 'select id, no from t'],
    ['sqlite', 'select "Id", [x], `Y` from t', 'select id, X, y from t'],
    ['mysql', 'select `Id` from t', 'select id from t'],
    // rows of MySQL
    ['mysql', 'insert into t values row(1, 2), row(?, ?)', 'insert into t values row(1, 2)'],
    ['mysql', 'values row(1, 2), row(3, 4) order by 1', 'values row(5, 6) order by 1'],
    // literals that look like names
    ['microsoft.sql_server', 'exec p abc', 'exec p def'],
    ['sqlite', 'pragma key = "a"', 'pragma key = "b"'],
    ['other_sql', 'select 1 from t where a = "x"', 'select 1 from t where a = "y"'],
    // aliases that are keywords elsewhere
    ['postgresql', 'select count(*) as n from t', 'select count(*) n from t'],
    ['postgresql', 'select a as date, b as name', 'select a date, b as "name"'],
    ['mysql', 'select a from nodes as `n`', 'select a from nodes n'],
    // intervals and signs of MySQL
    ['mysql', "select x - interval '1' day", 'select x - interval -7 day'],
    ['mysql', 'select x - interval ? day', 'select x - interval -7 day'],
    ['mysql', 'select a div -2 from t', 'select a div ? from t'],
    ['mysql', "select 'a' 'b' from t", "select 'c' from t"],
    ['postgresql', "select * from t where a = -'5'", 'select * from t where a = 5'],
    ['postgresql', 'select a from t limit :a offset :b', 'select a from t limit $1 offset $2'],
    ['postgresql', 'select array[[1, 2], [3, 4]]', 'select array[[1, 2, 3], [3, 4, 5]]'],
    // numbers that are no positions
    ['postgresql', 'select a from t order by 2 is null', 'select a from t order by 1 is null'],
    [
      'postgresql',
      'select a from t order by 2 between 1 and a',
      'select a from t order by 1 between 1 and a',
    ],
    ['postgresql', 'select a from t order by f(a, 2)', 'select a from t order by f(a, 1)'],
    ['postgresql', 'select distinct on (a) a, 1 from t', 'select distinct on (a) a, 2 from t'],
    ['postgresql', 'select distinct on (1) 1, a from t', 'select distinct on (1) 2, a from t'],
    [
      'postgresql',
      'select a from t order by (select b limit 1)',
      'select a from t order by (select b limit 2)',
    ],
    ['postgresql', 'select rollup(1), cube(1) from t', 'select rollup(2), cube(2) from t'],
  ])('is equal in %s for %s and %s', (dialect, one, other) => {
    expect(fingerprint(dialect, one)).toBe(fingerprint(dialect, other))
  })

  it.each([
    // positions
    ['postgresql', 'select a, b from t group by rollup(1, 2)', 'select a, b from t group by rollup(2, 1)'],
    ['postgresql', 'select a, b from t group by cube (1), a', 'select a, b from t group by cube (2), a'],
    [
      'postgresql',
      'select a, b from t group by grouping sets ((1, 2), (1))',
      'select a, b from t group by grouping sets ((1, 2), (2))',
    ],
    ['postgresql', 'select a, b from t order by (1)', 'select a, b from t order by (2)'],
    ['postgresql', 'select a, b from t order by f(a), 2', 'select a, b from t order by f(a), 1'],
    ['postgresql', 'select a, b from t order by (select 1), 2', 'select a, b from t order by (select 1), 1'],
    ['postgresql', 'select distinct on (1) a, b from t', 'select distinct on (2) a, b from t'],
    [
      'postgresql',
      '(select a, b from t) union (table u) order by 1',
      '(select a, b from t) union (table u) order by 2',
    ],
    [
      'postgresql',
      'select 1 from ((select a, b from t) order by 1 limit 1) x',
      'select 1 from ((select a, b from t) order by 2 limit 1) x',
    ],
    ['postgresql', 'values (1, 2), (3, 4) order by 1', 'values (1, 2), (3, 4) order by 2'],
    ['postgresql', 'table t order by 1 desc', 'table t order by 2 desc'],
    [
      'postgresql',
      'select 1 from t order by mode() within group (order by c), 2',
      'select 1 from t order by mode() within group (order by c), 1',
    ],
    // types without a literal
    [
      'postgresql',
      "select * from json_table(j, '$' columns (a int path '$.a'))",
      "select * from json_table(j, '$' columns (a text path '$.a'))",
    ],
    ['mysql', 'select _ascii x from t', 'select _greek x from t'],
    // aliases after types
    ['postgresql', 'select $1::date zone', 'select $1::date'],
    ['postgresql', 'select $1::date precision', 'select $1::date'],
    ['postgresql', 'select $1::date year', 'select $1::date'],
    ['mysql', "select _col 'x' from t", "select 'x' from t"],
    // signs that are operators
    ['postgresql', 'select * from t where b = a -$1', 'select * from t where b = a $1'],
    ['mysql', 'select offset - 1 from t', 'select offset + 1 from t'],
    // casts of other operands than constants
    ['postgresql', 'select cast(cast(a as text) as int) from t', 'select cast(a as int) from t'],
    [
      'postgresql',
      'select cast(cast($1 as text) || a as int) from t',
      'select cast(cast($1 as text) as int) from t',
    ],
    // letter case of quoted names
    ['postgresql', 'select "Id" from t', 'select id from t'],
    ['mysql', 'select row(1, 2)', 'select row(1)'],
    // table variables
    ['microsoft.sql_server', 'select * from @a', 'select * from @b'],
    ['microsoft.sql_server', 'select * from @a', 'select * from a'],
  ])('differs in %s for %s and %s', (dialect, one, other) => {
    expect(fingerprint(dialect, one)).not.toBe(fingerprint(dialect, other))
  })

  it('reads parameters of SQL Server as constants where no table can stand', () => {
    const of = (sql: string): string => fingerprint('microsoft.sql_server', sql)
    expect(of('select * from t where a = @a')).toBe(of('select * from t where a = @b'))
    expect(of('select top (@1) a from t')).toBe(of('select top (@2) a from t'))
  })
})

describe('analyzeQuery with mergeNames', () => {
  const of = (sql: string): string => fingerprint('postgresql', sql, true)

  it('ignores the digits of tables and of the qualifiers of their columns', () => {
    expect(of('select "e_1"."id" from "e_1" where e_1.a = 1')).toBe(
      of('select "e_2"."id" from "e_2" where e_2.a = 1'),
    )
    expect(of('delete from s1.t using u2 where t.a = u2.a')).toBe(
      of('delete from s2.t using u3 where t.a = u3.a'),
    )
  })

  it('reads aliases and quoted names as without the option', () => {
    expect(of('select * from t1 as t1 where a = 1')).toBe(of('select * from t2 t2 where a = 1'))
    expect(of('select * from "a.b_1"')).toBe(of('select * from "a.b_2"'))
    expect(of('select null::t1 x from t1')).not.toBe(of('select null::t1 y from t1'))
  })

  it('counts the digits of aliases and columns', () => {
    expect(of('select e1.id from t e1 join t e2 on e1.a = e2.b')).not.toBe(
      of('select e2.id from t e1 join t e2 on e1.a = e2.b'),
    )
    expect(of('select line1 from t')).not.toBe(of('select line2 from t'))
  })
})

describe('analyzeQuery with mergeNames', () => {
  const read = (sql: string, mergeNames: boolean | RegExp, dialect = 'postgresql') => {
    const { summary, collection, fingerprint: found, tables } = analyzeQuery(sql, { dialect, mergeNames })
    return { summary, collection, fingerprint: found, tables }
  }

  it.each<[option: boolean | RegExp, template: string, summary: string, collection: string | undefined]>([
    [
      true,
      'select id from tenant_#.orders where tenant_#.orders.no = $1',
      'select tenant_?.orders',
      'tenant_?.orders',
    ],
    [true, 'insert into "tenant_#"."Order2" (no) values ($1)', 'insert tenant_?.Order?', 'tenant_?.Order?'],
    [
      true,
      'select id from events_#_01 e join s#.hits h on h.id = e.id',
      'select events_?_? s?.hits',
      undefined,
    ],
    [true, 'call tenant_#.refresh($1)', 'call tenant_?.refresh', undefined],
    [true, 'create schema tenant_#', 'create schema tenant_?', undefined],
    [true, 'truncate tenant_#.orders', 'truncate tenant_?.orders', 'tenant_?.orders'],
    [/^tenant_.+/, 'update Tenant_x#y.orders2 set no = $1', 'update ?.orders2', '?.orders2'],
    [
      /(?<=^tenant_)[0-9a-f-]+$/,
      'select no from "tenant_#f-a"."orders"',
      'select "tenant_?".orders',
      '"tenant_?".orders',
    ],
    [/^\w{5,8}$/, 'truncate tenant#.t', 'truncate ?.t', '?.t'],
  ])('with %s reads %j as %j', (option, template, summary, collection) => {
    const [one, other] = ['7', '42'].map((tenant) => template.replaceAll('#', tenant)) as [string, string]
    const shape = read(one, option)
    expect(shape).toMatchObject({ summary, ...(collection !== undefined && { collection }) })
    expect({ ...read(other, option), tables: [] }).toEqual({ ...shape, tables: [] })
    expect(read(other, false).summary).not.toBe(read(one, false).summary)
    expect(shape.fingerprint).not.toBe(read(one, false).fingerprint)
  })

  it('keeps the names in tables and text', () => {
    const shape = analyzeQuery('select id from t_7.orders', { dialect: 'postgresql', mergeNames: true })
    expect([shape.tables, shape.text]).toEqual([['t_7.orders'], 'select id from t_7.orders'])
  })

  it('keeps names apart that differ in more', () => {
    expect(read('select id from t_1.orders', true)).not.toEqual(read('select id from t_1.items', true))
    expect(read('select id from a.orders', /^a$/).fingerprint).not.toBe(
      read('select id from b.orders', /^a$/).fingerprint,
    )
  })

  it('accepts a sticky pattern and one of another realm', () => {
    const foreign = runInNewContext('/\\d+/y') as RegExp
    expect(read('select id from t_1_2', foreign).summary).toBe('select t_?_?')
    expect(read('select id from t_1_2', foreign).summary).toBe('select t_?_?')
  })
})

describe('SafeText by the rules of a system', () => {
  it.each([
    // data after a COPY, unquoted arguments, quoted settings
    ['postgresql', 'begin; copy t from stdin;\n1\tsecret\n\\.', 'begin; copy t from stdin; …'],
    ['microsoft.sql_server', 'exec p a; exec q secret', 'exec p ?; exec q ?'],
    ['microsoft.sql_server', 'declare @r int; exec @r = p @a = secret', 'declare @r int; exec @r = p @a = ?'],
    ['microsoft.sql_server', 'begin tran exec p secret', 'begin tran exec p ?'],
    ['microsoft.sql_server', 'if 1=1 exec p secret', 'if ?=? exec p ?'],
    ['microsoft.sql_server', 'insert into #t exec p secret', 'insert into #t exec p ?'],
    ['microsoft.sql_server', 'create proc p as exec q secret', 'create proc p as exec ? ?'],
    ['microsoft.sql_server', 'sp_addlogin joe, secret', 'sp_addlogin ?, ?'],
    ['microsoft.sql_server', 'exec p "secret", [secret], N\'secret\'', 'exec p ?, ?, ?'],
    ['microsoft.sql_server', 'exec p secret select a from t', 'exec p ? select a from t'],
    ['sqlite', 'begin; pragma key = "secret"; commit', 'begin; pragma key = ?; commit'],
    ['sqlite', 'explain pragma key = "secret"', 'explain pragma key = ?'],
    ['sqlite', 'attach "a.db" as enc key "secret"', 'attach ? as enc key ?'],
    ['sqlite', 'vacuum into "secret"', 'vacuum into ?'],
    ['sqlite', "select $a('), ' secret ', $b(')", "select $a('), ?, $b(')"],
    ['sqlite', 'select @a::b("), \' secret \', $::c(")', 'select @a::b("), ?, $::c(")'],
    ['sqlite', "select :a( 'secret')", 'select …'],
    ['sqlite', "select $12e1, $5('), ' secret ', b", 'select ?, ?, ?, b'],
    // quotes that do not match
    ['postgresql', "select '5' secret, 'b\\' , 'c", 'select …'],
    ['mysql', "insert into u values ('5' secret ',\\'' , x, 'y') '", 'insert into u values ( …'],
    ['postgresql', 'select -/* secret */$1, - $2', 'select - $1, - $2'],
    ['postgresql', "select U&'d!0061t' uescape '!' as a", 'select ? as a'],
    ['postgresql', "select U&'d' as uescape, 'x'", 'select ? as uescape, ?'],
    ['mysql', "select _utf8mb4 'secret' a, _binary 0x12", 'select ? a, ?'],
    ['mysql', "values row(1, 'secret'), row(2, 'secret')", 'values row(?, ?)'],
  ])('turns in %s %j into %j', (dialect, sql, text) => {
    expect(analyzeQuery(sql, { dialect }).text).toBe(text)
  })
})
