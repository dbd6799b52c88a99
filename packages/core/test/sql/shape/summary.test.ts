import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const read = (sql: string) => analyzeQuery(sql, { dialect: 'postgresql' })

describe('analyzeQuery: summary and tables', () => {
  it.each([
    // sources
    ['select * from a, b c, only d, lateral (select * from e) f', 'select a b d select e', 'a b d e'],
    ['select * from a cross join b natural join c left join d on true, e', 'select a b c d e', 'a b c d e'],
    ['select * from (a join b using (id)) join c using (id)', 'select a b c', 'a b c'],
    ['select * from ((select * from a)) x', 'select select a', 'a'],
    ['select * from a where id in (select a_id from b)', 'select a select b', 'a b'],
    ['select (select count(*) from b) from a', 'select select b a', 'a b'],
    ['select * from f(1), rows from (g(2), h(3)) as t', 'select f g h', ''],
    ['select * from a tablesample system (10) where x', 'select a', 'a'],
    [
      'select * from "order items", "a"."b", "Table"',
      'select "order items" a.b Table',
      '"order items" a.b Table',
    ],
    ['select * from a /* b */ . -- c\n d', 'select a.d', 'a.d'],
    // FROM without a source
    ['select extract(year from t), trim(both from u), substring(v from 2) from a', 'select a', 'a'],
    ['select * from a where b is distinct from c', 'select a', 'a'],
    ['select * from a order by x for update of a skip locked', 'select a', 'a'],
    // set operations
    ['select * from a union all select * from b except (table c)', 'select a select b table c', 'a b c'],
    [
      'select * from unnest($1) with ordinality as u (id, ord) join orders o on true',
      'select unnest orders',
      'orders',
    ],
    ['select count(*) as delete, 1 as update, 2 as insert from audit', 'select audit', 'audit'],
    ['select 1 where exists (table u)', 'select table u', 'u'],
    ['select * into temp backup from orders', 'select backup orders', 'backup orders'],
    ['create event trigger e on ddl_command_end execute function f()', 'create event trigger e', ''],
    ['alter default privileges in schema s grant select on tables to bob', 'alter default privileges in', ''],
    ['create rule r as on insert to orders do also notify x', 'create rule r', ''],
    ['create statistics st on a, b from t', 'create statistics st', ''],
    [
      'create function f() returns int as $$ select 1; $$ language sql; select * from a',
      'create function f select a',
      'a',
    ],
    ['(select * from a) union (select * from b)', 'select a select b', 'a b'],
    ['values (1), (2)', 'values', ''],
    ['table a', 'table a', 'a'],
    // CTEs
    ['with x as (select * from a) select * from x join b on true', 'select a select b', 'a b'],
    [
      'with x (c, d) as not materialized (select * from a), y as (select * from x) table y',
      'select a select table',
      'a',
    ],
    ['with a as (select * from a) select * from a', 'select a select', 'a'],
    [
      'with recursive t as (select 1 union all select n from t) select * from t, s.t',
      'select select select s.t',
      's.t',
    ],
    [
      'with x as (delete from a returning *) insert into b select * from x',
      'delete a insert b select',
      'a b',
    ],
    [
      'with recursive t as (select 1) search depth first by a, b set o, u as (select 2) select * from u',
      'select select select',
      '',
    ],
    ['with recursive t as (select 1) cycle a set b using c select * from t, d', 'select select d', 'd'],
    ['with x as ((select a from b)) select * from x, c', 'select b select c', 'b c'],
    [
      'select * from a where x in ((select y from b), (select y from b), (select z from c))',
      'select a select b select c',
      'a b c',
    ],
    [
      'select * from a where x in ((select y from b where z = 1), (select y from b where z = 2)) and f((select y from b))',
      'select a select b select b',
      'a b',
    ],
    [
      'insert into a values ((select y from b where z = 1)), ((select y from b where z = 2))',
      'insert a select b',
      'a b',
    ],
    [
      'with x as (select f(a) from (select a from b) c), y as (select * from x) select * from y, d',
      'select select b select select d',
      'b d',
    ],
    [
      'with recursive x as (with y as (select * from y) select * from x), z as (select * from z) select 1',
      'select y select select select',
      'y',
    ],
    [
      'with recursive x as (select * from x) select 1; with y as (select * from y) select 1',
      'select select select y select',
      'y',
    ],
    ['select now() at time zone b, x::timestamp with time zone from a', 'select a', 'a'],
    // writes
    ['insert into a (b, c) values (1, 2) on conflict (b) do update set c = 3', 'insert a', 'a'],
    ['insert into a as x default values', 'insert a', 'a'],
    ['insert into a with x as (select 1) select * from x, b', 'insert a select select b', 'a b'],
    ['update only a as x set b = c.d from c where true', 'update a c', 'a c'],
    ['delete from a using b join c using (id) where true', 'delete a b c', 'a b c'],
    [
      'merge into a using b on true when matched then update set x = 1 when not matched then insert values (1)',
      'merge a b',
      'a b',
    ],
    ['merge into a using (select * from b) c on true when matched then delete', 'merge a select b', 'a b'],
    ['select * into b from a', 'select b a', 'b a'],
    ['truncate table a, only b restart identity', 'truncate a b', 'a b'],
    ['copy a (x, y) from stdin', 'copy a', 'a'],
    ['copy (select * from a) to stdout', 'copy select a', 'a'],
    // schema
    ['create temporary table if not exists a (b int references c (d))', 'create table a', 'a'],
    ['create table a as select * from b', 'create table a select b', 'a b'],
    ['create or replace view a as select * from b', 'create view a select b', 'a b'],
    ['create materialized view a as select 1', 'create materialized view a select', 'a'],
    ['create unique index on a (b)', 'create index a', 'a'],
    ['create index concurrently i on only s.a using gin (b)', 'create index i s.a', 's.a'],
    ['alter table if exists only a add column b text default (select 1)', 'alter table a select', 'a'],
    ['drop table if exists a, s.b cascade', 'drop table a s.b', 'a s.b'],
    ['drop index i, j', 'drop index i j', ''],
    [
      'create trigger t before insert or update on a for each row execute function f()',
      'create trigger t a',
      'a',
    ],
    ['create function f() returns int begin atomic select * from a; select 1; end', 'create function f', ''],
    ['create policy p on a for select to r using (true)', 'create policy p a', 'a'],
    ['comment on table a is $$x$$', 'comment', ''],
    ['grant select, insert on a to b', 'grant', ''],
    // other commands
    ['call s.p(1, 2)', 'call s.p', ''],
    ['explain (analyze, costs off) select * from a', 'explain select a', 'a'],
    ['explain analyze verbose update a set b = 1', 'explain update a', 'a'],
    ['declare c cursor for select * from a', 'declare select a', 'a'],
    ['prepare p as delete from a where b = $1', 'prepare delete a', 'a'],
    ['refresh materialized view concurrently a', 'refresh a', 'a'],
    ['lock table a, b in share mode', 'lock a b', 'a b'],
    ['vacuum (analyze) a', 'vacuum a', 'a'],
    ['do $$ begin perform 1; end $$', 'do', ''],
    ['begin isolation level serializable', 'begin', ''],
    ['set local x to y', 'set', ''],
    ['select * from a; delete from b;', 'select a delete b', 'a b'],
    [';;', '', ''],
    ['', '', ''],
  ])('finds the operations and tables of %s', (sql, summary, tables) => {
    const shape = read(sql)
    expect(shape.summary).toBe(summary)
    expect(new Set(shape.tables)).toEqual(new Set(tables === '' ? [] : tables.match(/"[^"]+"|\S+/g)))
  })

  it.each([
    ['insert ignore into a values (1)', 'mysql', 'insert a'],
    ['replace into `a` values (1)', 'mysql', 'replace a'],
    ['update a join b on true set a.c = 1', 'mysql', 'update a b'],
    ['insert into a values (1) on duplicate key update b = values(b), c = values(c)', 'mysql', 'insert a'],
    ['select straight_join * from a straight_join b', 'mysql', 'select a b'],
    ['insert or replace into a values (1)', 'sqlite', 'insert a'],
    ['select * from [order items], [b]', 'sqlite', 'select [order items] b'],
    [
      'select top (5) * from a outer apply f(a.b) cross apply (select * from c) d',
      'microsoft.sql_server',
      'select a f select c',
    ],
    ['exec dbo.p @x = 1', 'microsoft.sql_server', 'exec dbo.p'],
    ["exec sp_executesql N'select 1', N'@p int', @p = 4711", 'microsoft.sql_server', 'exec sp_executesql'],
    ['delete top (10) from t', 'microsoft.sql_server', 'delete t'],
    ['lock tables a write, b read', 'mysql', 'lock a b'],
    ["create user 'bob'@'%' identified by 'x'", 'mysql', 'create user'],
    ['select * from #tmp join db..t on 1 = 1', 'microsoft.sql_server', 'select #tmp db..t'],
    ['select * into @x from a', 'mysql', 'select a'],
    ["select * into outfile 'x' from a", 'mysql', 'select a'],
  ])('finds the operations and targets of %s in %s', (sql, dialect, summary) => {
    expect(analyzeQuery(sql, { dialect }).summary).toBe(summary)
  })

  it('cuts the summary between two names at 255 characters', () => {
    const names = Array.from({ length: 60 }, (_, index) => `a_rather_long_table_${index}`)
    const { summary, tables } = read(`select * from ${names.join(', ')}`)
    expect(summary.length).toBeLessThanOrEqual(255)
    expect(summary.length).toBeGreaterThan(220)
    for (const word of summary.split(' ').slice(1)) expect(names).toContain(word)
    expect(tables).toEqual(names)
  })

  it('cuts a name of 200,000 characters', () => {
    const { tables } = read(`select * from "${' '.repeat(200_000)}" where a = 1`)
    expect(tables[0]?.length).toBeLessThan(300)
  })

  it('leaves out the name in front of a dot at which the text is cut', () => {
    expect(analyzeQuery('select * from sch.t', { dialect: 'postgresql', maxLength: 18 }).tables).toEqual([])
  })
})

describe('analyzeQuery: kind, operation and explainable', () => {
  it.each([
    ['select 1', 'select', 'select', true, []],
    ['with x as (select 1) update a set b = 1', 'update', undefined, true, ['a']],
    ['with x as (insert into a select 1) select 1', 'select', undefined, true, ['a']],
    ['insert into a select * from b', 'insert', undefined, true, ['a']],
    ['DELETE FROM a', 'delete', 'DELETE', true, ['a']],
    ['merge into a using b on true when matched then delete', 'merge', 'merge', true, ['a']],
    ['(select 1) union (select 2)', 'select', undefined, true, []],
    ['create table a as select 1', 'schema', undefined, true, ['a']],
    ['create table a (b int)', 'schema', 'create table', false, ['a']],
    ['CREATE UNIQUE INDEX i ON a (b)', 'schema', 'CREATE INDEX', false, ['a']],
    ['truncate a', 'schema', 'truncate', false, ['a']],
    ['copy a from stdin', 'copy', 'copy', false, ['a']],
    ['copy a to stdout', 'copy', 'copy', false, []],
    ['call p()', 'call', 'call', false, []],
    ['explain select 1', 'explain', undefined, false, []],
    ['commit', 'transaction', 'commit', false, []],
    ['set x = 1', 'session', 'set', false, []],
    ['refresh materialized view a', 'utility', 'refresh', false, ['a']],
    ['select 1; select 2', 'several', undefined, false, []],
    ['select 1;', 'select', 'select', true, []],
    ['frobnicate the database', 'unknown', 'frobnicate', false, []],
    ['', 'unknown', undefined, false, []],
  ] as const)('reads %s as %s', (sql, kind, operation, explainable, writtenTables) => {
    expect(read(sql)).toMatchObject({ kind, operation, explainable, writtenTables })
  })

  it('cuts an operation at 255 characters', () => {
    expect(analyzeQuery(`${'x'.repeat(10_000)} 1`, { dialect: 'postgresql' }).operation?.length).toBe(255)
  })

  it('reads the statements of an IF as several, which EXPLAIN gives no plan for', () => {
    expect(analyzeQuery('if @a = 1 delete from t', { dialect: 'microsoft.sql_server' })).toMatchObject({
      kind: 'several',
      explainable: false,
    })
  })
})

describe('analyzeQuery: aliases, CTEs and batches', () => {
  it.each([
    [
      'microsoft.sql_server',
      'update o set a = 1 from orders o join x on x.id = o.id',
      'update orders x',
      'orders x',
      'orders',
    ],
    [
      'microsoft.sql_server',
      'update o set a = 1 from dbo.orders as [O], x',
      'update dbo.orders x',
      'dbo.orders x',
      'dbo.orders',
    ],
    ['microsoft.sql_server', 'delete o from orders o where o.a = 1', 'delete orders', 'orders', 'orders'],
    [
      'microsoft.sql_server',
      'delete from o from x join orders o on true',
      'delete x orders',
      'x orders',
      'orders',
    ],
    [
      'mysql',
      'delete o, i from orders o join items i on true',
      'delete orders items',
      'orders items',
      'orders items',
    ],
    ['mysql', 'delete from o using orders as o join x', 'delete orders x', 'orders x', 'orders'],
    // A subquery has its own aliases.
    ['postgresql', 'update o set a = (select b from orders o)', 'update o select orders', 'o orders', 'o'],
    ['postgresql', 'update o set a = 1 from orders p', 'update o orders', 'o orders', 'o'],
    ['postgresql', 'select o from orders o', 'select orders', 'orders', ''],
    // Only SQL Server writes to the table of a CTE.
    [
      'microsoft.sql_server',
      'with d as (select a from t) delete from d where n > 1',
      'select t delete',
      't',
      't',
    ],
    ['microsoft.sql_server', 'with d as (select a from t) update d set a = 1', 'select t update', 't', 't'],
    [
      'postgresql',
      'with d as (select a from t) insert into d select * from d',
      'select t insert d select',
      't d',
      'd',
    ],
    // The scope of a CTE is its statement, with the subqueries.
    [
      'postgresql',
      'select * from (with b as (select * from u) table b) x join b on true',
      'select select u table b',
      'u b',
      '',
    ],
    [
      'postgresql',
      'with a as (table t) select * from (with b as (table a) table b) x join a on true join b on true',
      'table t select table table b',
      't b',
      '',
    ],
    [
      'postgresql',
      'with a as (table t) select (with a as (table u) select 1 from a), x from a',
      'table t select table u select',
      't u',
      '',
    ],
    ['microsoft.sql_server', 'update top (5) percent t set a = 1', 'update t', 't', 't'],
    ['microsoft.sql_server', 'delete top (@n) from t', 'delete t', 't', 't'],
    [
      'microsoft.sql_server',
      'if exists (select 1 from t) update t set a = 1 else insert u values (1)',
      'select t update t insert u',
      't u',
      't u',
    ],
    // statements without semicolons in between
    [
      'microsoft.sql_server',
      'set nocount on; update o set x = 1 from orders o',
      'set update orders',
      'orders',
      'orders',
    ],
    ['microsoft.sql_server', 'set nocount on insert into t (a) values (1)', 'set insert t', 't', 't'],
    ['microsoft.sql_server', 'begin tran update t set a = 1 commit', 'begin update t', 't', 't'],
    [
      'microsoft.sql_server',
      'declare @k table ([id] int) insert into [t] ([a]) output inserted.[id] into @k values (@p1) select * from @k',
      'declare insert t @k select @k',
      't @k',
      't @k',
    ],
    [
      'microsoft.sql_server',
      'delete top (5) from a; delete top (5) from b',
      'delete a delete b',
      'a b',
      'a b',
    ],
    ['microsoft.sql_server', 'grant insert, update on t to bob', 'grant', '', ''],
    [
      'microsoft.sql_server',
      'explain create index i on t (a) select * from u',
      'explain create index i t select u',
      't u',
      't',
    ],
    ['postgresql', 'select * from; set x = 1', 'select set', '', ''],
    [
      'microsoft.sql_server',
      'merge into t using s on t.a = s.a when matched then update set a = 1 when not matched then insert (a) values (1)',
      'merge t s',
      't s',
      't',
    ],
    ['mysql', 'select 1; delete o from orders o', 'select delete orders', 'orders', 'orders'],
    ['mysql', 'delete t1.*, t2.* from t1 join t2 on true', 'delete t1 t2', 't1 t2', 't1 t2'],
    [
      'mysql',
      'update orders o join customers c on true set c.y = 1',
      'update orders customers',
      'orders customers',
      'orders customers',
    ],
    ['postgresql', 'begin; copy orders from stdin', 'begin copy orders', 'orders', 'orders'],
    ['postgresql', 'set x = 1; explain analyze select * from t', 'set explain select t', 't', ''],
    ['postgresql', 'insert into t table u', 'insert t table u', 't u', 't'],
    ['postgresql', 'create table x as table u', 'create table x table u', 'x u', 'x'],
    ['microsoft.sql_server', 'while @a < 5 begin delete from t where a = @a end', 'delete t', 't', 't'],
  ])(
    'finds in %s the tables that are read and written by %s',
    (dialect, sql, summary, tables, writtenTables) => {
      const shape = analyzeQuery(sql, { dialect })
      expect([shape.summary, shape.tables.join(' '), shape.writtenTables.join(' ')]).toEqual([
        summary,
        tables,
        writtenTables,
      ])
    },
  )
})
