import { describe, expect, it } from 'vitest'

import { createShapeCache } from '../../../src/sql/shape/shape-cache.js'
import { readTraits, traitsOf, type ParameterUse } from '../../../src/sql/tree/statement-traits.js'

const POSTGRESQL = 'postgresql'
const MYSQL = 'mysql'
const SQLITE = 'sqlite'
const SQL_SERVER = 'microsoft.sql_server'

/** `posts.id = !`: required; `id not in ?`: not required; other clauses: `id = set`, `id values`, `limit`. */
function describeUse(use: ParameterUse | undefined): string {
  if (use === undefined) return 'nothing'
  const { column, qualifier, operator, negated, clause, required } = use
  const name = [qualifier, column].filter((part) => part !== undefined).join('.')
  if (clause !== 'condition') return [name, operator, clause].filter(Boolean).join(' ')
  return `${name} ${negated ? 'not ' : ''}${operator ?? ''} ${required ? '!' : '?'}`.trim()
}

describe('readTraits: parameters', () => {
  it.each([
    // comparisons
    ['select * from posts where id = $1', 'id = !'],
    ['select * from "posts" where "posts"."id" = $1 and "tenant_id" = $2', 'posts.id = ! tenant_id = !'],
    ['select * from posts where $1 = id and $2 < likes', 'id = ! likes > !'],
    ['select * from posts where id = $2 and tenant_id = $1', 'tenant_id = ! id = !'],
    ['select * from posts where id <> $1 and a != $2 and b >= $3', 'id <> ! a != ! b >= !'],
    ['select * from posts where title like $1 and body not ilike $2', 'title like ! body not ilike !'],
    ['select * from posts where $1 like title', '?'],
    ['select * from posts where id between $1 and $2 and a = $3', 'id between ! id between ! a = !'],
    ['select * from posts where id not between $1 and $2', 'id not between ! id not between !'],
    ['select * from posts where a is distinct from $1', 'a is distinct from !'],
    ['select * from posts where a is not distinct from $1', 'a not is distinct from !'],
    ['select * from posts where id in ($1)', 'id in !'],
    ['select * from posts where id in ($1, $2)', 'id in ! id in !'],
    ['select * from posts where id in ($1, 5) and (a, b) = ($2, 5)', 'id in ? a = ?'],
    ['select * from posts where id not in ($1, $2)', 'id not in ! id not in !'],
    ['select * from posts where id = any($1)', 'id any !'],
    ['select * from posts where id = any($1::int[])', 'id any !'],
    ['select * from posts where id = any(array[$1, $2])', 'id in ! id in !'],
    ['select * from posts where id <> all($1)', 'id <> all !'],
    ['select * from posts where $1 = any(tags)', '?'],
    ['select * from posts where tags @> $1', 'tags @> !'],
    // rows
    ['select * from posts where (a, b) = ($1, $2)', 'a = ! b = !'],
    ['select * from posts where ("p"."a", "b") in (($1, $2))', 'p.a in ! b in !'],
    ['select * from posts where (a, b) in (($1, $2), ($3, $4))', 'a in ! b in ! a in ! b in !'],
    ['select * from posts where ($1, $2) in (select a, b from c)', '? ?'],
    ['select * from posts where row(a, b) = row($1, $2)', 'a = ! b = !'],
    // casts, signs, parentheses
    ['select * from posts where id = $1::uuid and a = cast($2 as int)', 'id = ! a = !'],
    [
      'select * from posts where created_at = $1::timestamp with time zone and b = $2',
      'created_at = ! b = !',
    ],
    ['select * from posts where a::text = $1 and cast(b as text) = $2', 'a = ? b = ?'],
    ['select * from posts where a = -$1', 'a = ?'],
    ['select * from posts where (id = $1) and ((a = ($2)))', 'id = ! a = !'],
    // expressions
    ['select * from posts where lower(email) = $1', '?'],
    ['select * from posts where a = lower($1)', '?'],
    ['select * from posts where a + $1 > b', '?'],
    ['select * from posts where a = b - $1', '?'],
    ["select * from posts where data->>'key' = $1", '?'],
    ['select * from posts where tags[1] = $1', '?'],
    ['select * from posts where case when a = $1 and b then c end = $2 and d = $3', '? ? d = !'],
    // comparisons that not all rows satisfy
    ['select * from posts where a = $1 or b = $2', 'a = ? b = ?'],
    ['select * from posts where not (a = $1) and b = $2', 'a = ? b = !'],
    ['select * from posts where a = $1 and (b = $2 or c = $3)', 'a = ! b = ? c = ?'],
    ['select * from posts where exists (select 1 from c where c.post_id = $1)', 'c.post_id = ?'],
    [
      'select * from posts p join c on c.post_id = p.id and c.user_id = $1 where p.a = $2',
      'c.user_id = ? p.a = !',
    ],
    ['select a from posts where a = $1 union select a from c where b = $2', 'a = ? b = ?'],
    ['with x as (select * from posts where a = $1) select * from x where b = $2', 'a = ? b = !'],
    ['select * from (select * from posts where a = $1) as p where b = $2', 'a = ? b = !'],
    ['select * from posts where a = $1 and b = $1', 'a = ?'],
    ['select count(*) from posts group by a having a = $1 and count(*) > $2', 'a = ? ?'],
    // other clauses
    [
      'select $1 as a, b = $2 from f($3) order by $4 limit $5 offset $6',
      'other other other other limit offset',
    ],
    ['select * from posts fetch first $1 rows only', 'limit'],
    // writes
    ['insert into "posts" ("a", "b") values ($1, $2)', 'a values b values'],
    ['insert into posts (a, b) values ($1, lower($2)), ($3, default)', 'a values b values a values'],
    [
      'insert into posts as p (a) values ($1) on conflict (a) do update set b = $2, c = p.c + $3',
      'a values b = set c set',
    ],
    ['insert into posts (a) select b from c where d = $1', 'd = !'],
    ['update posts set a = $1, b = b + $2 where id = $3', 'a = set b set id = !'],
    [
      'update posts set (a, b) = ($1, $2) where id = $3 and tenant_id = $4',
      'a = set b = set id = ! tenant_id = !',
    ],
    ['update posts set a = v.a from (values ($1, $2)) as v (id, a) where v.id = posts.id', 'values values'],
    ['delete from posts where id = $1 returning *', 'id = !'],
    ['delete from posts using c where c.post_id = posts.id and c.a = $1', 'c.a = !'],
  ])('finds the uses of parameters in %s', (sql, expected) => {
    expect(readTraits(sql, POSTGRESQL).parameters.map(describeUse).join(' ')).toBe(expected)
  })

  it.each([
    [
      MYSQL,
      'select * from `posts` where `posts`.`id` = ? and `a` in (?, ?) limit ?, ?',
      'posts.id = ! a in ! a in ! offset limit',
    ],
    [
      MYSQL,
      'insert into `posts` (`a`) values (?) on duplicate key update `b` = ?, `c` = values(`c`) + ?',
      'a values b = set c set',
    ],
    [MYSQL, 'select @total, a from posts where id = ?', 'id = !'],
    [SQLITE, 'select * from "posts" where "id" = ? and a = ?2 limit ?', 'id = ! a = ! limit'],
    [SQLITE, 'select * from posts where a = :a and b = @b and c = :d', 'a = ! b = ! c = !'],
    [SQL_SERVER, 'select top(@1) * from "posts" where "b" = @3 and "a" = @2', 'limit a = ! b = !'],
    [SQL_SERVER, 'select * from [posts] order by 1 offset @1 rows fetch next @2 rows only', 'offset limit'],
    [SQL_SERVER, 'insert into "posts" ("a") output inserted."id" values (@1)', 'a values'],
  ])('finds by the rules of %s the uses of parameters in %s', (system, sql, expected) => {
    expect(readTraits(sql, system).parameters.map(describeUse).join(' ')).toBe(expected)
  })
})

describe('traitsOf: backslashEscapes', () => {
  const escaped = "select * from posts where title = 'it\\'s' and id = $1 and body = 'x'"
  const path = "select * from posts where title = 'C:\\' and id = $1 and body = 'x'"

  it.each([
    [POSTGRESQL, true, escaped],
    [POSTGRESQL, false, path],
    [POSTGRESQL, undefined, path],
    [MYSQL, true, escaped.replace('$1', '?')],
    [MYSQL, false, path.replace('$1', '?')],
    [MYSQL, undefined, escaped.replace('$1', '?')],
  ])('reads in %s with %s the parameter of %s', (dialect, backslashEscapes, sql) => {
    const shape = createShapeCache({ dialect, backslashEscapes }).get(sql)
    expect(traitsOf(shape, sql).parameters.map(describeUse)).toEqual(['id = !'])
  })

  it.each([
    [POSTGRESQL, false, escaped],
    [MYSQL, false, escaped.replace('$1', '?')],
    [POSTGRESQL, true, path],
  ])('reads in %s with %s no parameter of %s, which is inside a string', (dialect, backslashEscapes, sql) => {
    const shape = createShapeCache({ dialect, backslashEscapes }).get(sql)
    expect(traitsOf(shape, sql).parameters).toEqual([])
  })
})

describe('readTraits: lists', () => {
  it.each([
    ['select * from posts where id in (1, $1)', true],
    ['select * from posts where id in ($1)', false],
    ['select * from posts where id = any(array[$1, $2])', true],
    ['select * from posts where (a, b) in (($1, $2))', false],
    ['select * from posts where lower(a) in ($1, $2)', true],
    ['insert into posts (a) values ($1), ($2)', true],
    ['insert into posts (a, b) values ($1, $2)', false],
    ['select * from posts join (values ($1), ($2)) as v (id) on true', true],
    ['select coalesce(a, $1) from posts', false],
  ])('reads whether %s has a list of several elements: %s', (sql, lists) => {
    expect(readTraits(sql, POSTGRESQL).lists).toBe(lists)
  })
})

describe('readTraits: filtered, limited and offset', () => {
  it.each([
    ['select * from posts', 'all'],
    ['select * from posts where a = $1', 'filtered'],
    ['select * from posts where true', 'all'],
    ['select * from posts where 1 = 1 order by a', 'all'],
    ['select (select json_agg(c) from c where c.post_id = posts.id) from posts', 'all'],
    ['select * from posts left join c on c.post_id = posts.id and c.a = 1', 'all'],
    ['select * from posts left join lateral (select * from c where a = b) c on true', 'all'],
    ['select * from posts inner join c on c.post_id = posts.id', 'filtered'],
    ['select * from posts natural join c', 'filtered'],
    ['select * from posts natural left join c', 'all'],
    ['select * from posts cross join c', 'all'],
    ['select * from posts, c', 'all'],
    ['select * from posts right join c on true', 'all'],
    ['select left(a, 1) from posts', 'all'],
    ['select * from (select * from posts where a = 1) as p', 'filtered'],
    ['select * from (select * from posts) as p', 'all'],
    ['select * from (select * from posts limit 10) as p left join c on true', 'filtered'],
    ['select * from (select * from posts limit 10) as p cross join c', 'all'],
    ['select * from (a join b on true) left join c on true', 'filtered'],
    ['with x as (select * from posts where a = 1) select * from x', 'filtered'],
    ['with x (a) as materialized (select * from posts) select * from x', 'all'],
    ['with x as (select 1 from a where b), y as (select * from x) select * from y', 'filtered'],
    ['with recursive t as (select 1 union all select * from t) select * from t', 'filtered'],
    ['select a from posts group by a having count(*) > 1', 'filtered'],
    ['select a from posts group by a', 'all'],
    ['select a from posts union select b from c', 'filtered'],
    ['(select a from posts)', 'all'],
    ['select * from unnest($1::int[]) as t (a)', 'filtered'],
    ['select * from posts limit 10', 'all limited'],
    ['select * from posts offset 10', 'all offset'],
    ['select * from posts fetch first 10 rows only', 'all limited'],
    ['select (select a from c limit 1) from posts', 'all'],
    ['select a is distinct from b from posts', 'all'],
  ])('reads %s as %s', (sql, expected) => {
    const { filtered, limited, offset } = readTraits(sql, POSTGRESQL)
    const said = [filtered ? 'filtered' : 'all', limited && 'limited', offset && 'offset']
    expect(said.filter(Boolean).join(' ')).toBe(expected)
  })

  it.each([
    [SQL_SERVER, 'select top(10) * from posts', 'limited'],
    [
      SQL_SERVER,
      'select * from posts with (nolock) order by 1 offset 0 rows fetch next 2 rows only',
      'limited offset',
    ],
    [SQL_SERVER, 'select (select a from b order by 1 offset 0 rows for json path) from posts', ''],
    [MYSQL, 'select * from posts limit 20, 10', 'limited offset'],
  ])('reads by the rules of %s: %s as "%s"', (system, sql, expected) => {
    const { filtered, limited, offset } = readTraits(sql, system)
    expect(filtered).toBe(false)
    expect([limited && 'limited', offset && 'offset'].filter(Boolean).join(' ')).toBe(expected)
  })
})

describe('readTraits: volatile and changesWithTime', () => {
  it.each([
    ['select count(*), lower(a), coalesce(b, 1), greatest(a, b) from posts', 'always'],
    ['select $1::int[], a[1], array[1, 2], b::numeric(10, 2), cast(c as varchar(10)) from posts', 'always'],
    ['with "x"("a") as (select 1), y (b) as materialized (select 2) select * from x', 'always'],
    ['select * from unnest($1::int[]) as t (a), json_to_recordset($2) as r (a int)', 'always'],
    ['select * from unnest($1::int[]) t (a)', 'always'],
    ["select coalesce(json_agg(agg), '[]') from (select to_json(a) from posts) as agg", 'always'],
    ['select array_prepend(a, b), host(c), gcd(d, e), pg_catalog.lower(f) from posts', 'always'],
    [
      'select row_number() over (partition by a order by b), sum(c) filter (where d) over w from posts',
      'always',
    ],
    ['select extract(year from a), trim(both from b), similarity(c, d) from posts', 'always'],
    ['select * from posts where a in (1, 2) and exists (select 1) and (b, c) in ((1, 2))', 'always'],
    ['select * from posts where a > now()', 'transaction'],
    ['select * from posts where a > current_date', 'transaction'],
    ["select * from posts where a > 'today'::date", 'transaction'],
    ['select age(a) from posts', 'transaction'],
    ['select random() from posts', 'never'],
    ['select now(), random() from posts', 'never'],
    ['select clock_timestamp(), statement_timestamp()', 'never'],
    ['select my_own(a) from posts', 'never'],
    ['select "lower"(a) from posts', 'always'],
    ['select mine.lower(a) from posts', 'never'],
    ['select distinct on (a) random() from posts', 'never'],
    ["select (select nextval('a')) from posts", 'never'],
    ['select * from posts for update', 'never'],
    ['select * from posts for no key update of posts skip locked', 'never'],
    ['select * from posts tablesample system (10)', 'never'],
    ["select * from posts where a = 'unfinished", 'never'],
    ['select 1; select 2', 'never'],
  ])('reads how long the result of %s stays the same: %s', (sql, expected) => {
    expect(stabilityOf(sql, POSTGRESQL)).toBe(expected)
  })

  it.each([
    [SQLITE, "select ifnull(a, 0), json_group_array(json_object('a', b)), iif(a, 1, 2) from posts", 'always'],
    [
      SQLITE,
      'select (select coalesce(json_group_array(json_object(\'id\', "agg"."id")), \'[]\') from posts as agg)',
      'always',
    ],
    [SQLITE, "select date(a), strftime('%Y', b) from posts", 'always'],
    [SQLITE, "select date('now'), a from posts", 'never'],
    [SQLITE, 'select unixepoch() from posts', 'never'],
    [SQLITE, "select datetime(coalesce(a, 'NOW')) from posts", 'never'],
    [SQLITE, 'select current_timestamp', 'never'],
    [SQLITE, 'select last_insert_rowid()', 'never'],
    [MYSQL, 'select ifnull(a, 0), if(a, 1, 2), group_concat(a), date_format(a, b) from posts', 'always'],
    [
      MYSQL,
      "select cast(coalesce(json_arrayagg(json_object('id', `agg`.`id`)), '[]') as json) from posts",
      'always',
    ],
    [MYSQL, 'select * from posts where match (a) against (?)', 'always'],
    [MYSQL, 'select now()', 'never'],
    [MYSQL, 'select @a := a from posts', 'never'],
    [MYSQL, 'select found_rows()', 'never'],
    [MYSQL, 'select * from posts lock in share mode', 'never'],
    [SQL_SERVER, 'select isnull(a, 0), iif(a = 1, 2, 3), len(b), datediff(day, a, b) from posts', 'always'],
    [
      SQL_SERVER,
      "select coalesce((select a from c for json path, include_null_values), '[]') from posts",
      'always',
    ],
    [SQL_SERVER, 'select top(@1) * from posts with (nolock)', 'always'],
    [SQL_SERVER, 'select top(10) newid() from posts', 'never'],
    [SQL_SERVER, 'select * from posts with (updlock, rowlock)', 'never'],
    [SQL_SERVER, 'select @@rowcount', 'never'],
    [SQL_SERVER, 'select next value for numbers', 'never'],
    ['other_sql', 'select count(*), lower(a) from posts', 'always'],
    ['other_sql', 'select ifnull(a, 0) from posts', 'never'],
  ])('reads by the rules of %s how long the result of %s stays the same: %s', (system, sql, expected) => {
    expect(stabilityOf(sql, system)).toBe(expected)
  })

  function stabilityOf(sql: string, system: string): string {
    const { volatile, changesWithTime } = readTraits(sql, system)
    return volatile ? 'never' : changesWithTime ? 'transaction' : 'always'
  }
})

describe('readTraits: OUTPUT', () => {
  it.each([
    'delete from [posts] output [deleted].[id] where [posts].[id] = @1',
    'update [posts] set [a] = @2 output inserted.[a], deleted.[a] where [posts].[id] = @1',
    'insert into "posts" ("a") output inserted.* values (@1)',
  ])('is no alias of the table in %s', (sql) => {
    expect(readTraits(sql, SQL_SERVER).outline?.relations).toMatchObject([
      { path: ['posts'], alias: undefined },
    ])
  })

  it('is an alias where no row of a change follows', () => {
    expect(
      readTraits('select * from posts output where output.id = $1', POSTGRESQL).outline?.relations,
    ).toMatchObject([{ path: ['posts'], alias: 'output' }])
  })
})

describe('traitsOf', () => {
  it('reads two texts of one fingerprint separately', () => {
    const shapes = createShapeCache({ dialect: POSTGRESQL })
    const [one, other] = ['select a from posts limit 1', 'select a from posts limit all'].map((sql) => ({
      sql,
      shape: shapes.get(sql),
    }))
    const lists = ['select a from b where c in (1)', 'select a from b where c in (1, 2)'].map((sql) => {
      return traitsOf(shapes.get(sql), sql).lists
    })
    expect(lists).toEqual([false, true])
    expect(shapes.get('select a from b where c in (1)').fingerprint).toBe(
      shapes.get('select a from b where c in (1, 2)').fingerprint,
    )
    expect(one?.shape).not.toBe(other?.shape)
  })

  it('returns the same traits for a shape that was read', () => {
    const shapes = createShapeCache({ dialect: POSTGRESQL })
    const sql = 'select a from posts where b = $1'
    expect(traitsOf(shapes.get(sql), sql)).toBe(traitsOf(shapes.get(sql), sql))
  })
})

describe('readTraits: unreadable statements', () => {
  it.each([
    ['too deep', `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['too long', `select * from posts where id in (${'1, '.repeat(60_000)}1)`],
    ['unbalanced', 'select (a from b'],
    ['wrongly nested', 'select a[1) from b'],
  ])('returns traits that cause no finding for a statement that is %s', (_, sql) => {
    expect(readTraits(sql, POSTGRESQL)).toMatchObject({ parameters: [], filtered: true, volatile: true })
  })

  it('reads deeply nested subqueries and parentheses in linear time', () => {
    const deep = (part: string) =>
      `select * from ${part.repeat(90)}posts${') as t where a in (select 1)'.repeat(90)}`
    expect(readTraits(deep('(select * from '), POSTGRESQL).filtered).toBe(true)
    expect(
      readTraits(`select * from a where ${'(('.repeat(45)}b = $1${'))'.repeat(45)}`, POSTGRESQL).parameters,
    ).toHaveLength(1)
  })
})
