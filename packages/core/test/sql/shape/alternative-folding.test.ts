import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const read = (sql: string, dialect = 'postgresql') => analyzeQuery(sql, { dialect })
const fingerprint = (sql: string): string => read(sql).fingerprint

const repeat = (count: number, separator: string, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index + 1)).join(separator)

const keys = (count: number): string => repeat(count, ' or ', (index) => `id = $${index}`)
const pairs = (count: number): string =>
  repeat(count, ' or ', (index) => `(a = ${index} and b = 'x${index}')`)
const values = (count: number): string =>
  `case id ${repeat(count, ' ', (index) => `when ${index} then 'x${index}'`)} else name end`
const branches = (count: number): string =>
  `case ${repeat(count, ' ', (index) => `when id = ${index} or id = $1 then f('x${index}')`)} end`

describe('AlternativeFolding', () => {
  it.each<readonly [(count: number) => string]>([
    [(count) => `select * from t where ${keys(count)} order by a`],
    [(count) => `select * from t where (${keys(count)}) and b = 1`],
    [(count) => `select * from t where b = 1 and ( ${pairs(count)} ) limit 5`],
    [(count) => `select * from t join u on ${pairs(count)} join v on true where x = 1`],
    [(count) => `select * from t where a = 1 and b = 2 or ${pairs(count)} -- end`],
    [(count) => `delete from t where ${repeat(count, ' or ', (index) => `a is distinct from ${index}`)}`],
    [(count) => `update t set name = ${values(count)} where ${pairs(count)} returning id`],
    [(count) => `update t set name = ${branches(count)}, b = ${values(count)} where id in (1, ${count})`],
    [(count) => `select * from t where a in (${values(count)}, 2) or ${keys(count)}; select 1`],
    [(count) => `insert into t values (${values(count)}, 1), (${values(count)}, 2)`],
    [
      (count) =>
        `select (select 1 where ${keys(count)}), sum(${values(count)}) filter (where ${keys(count)}) from t group by 1 having ${keys(count)}`,
    ],
    [
      (count) =>
        `select case when a = 1 or b = 2 then ${values(count)} when c then d end from t where ${keys(count)}`,
    ],
    [(count) => `merge into t using u on ${keys(count)} when matched and (${keys(count)}) then delete`],
  ])('gives %o one fingerprint for any number of alternatives', (statement) => {
    const all = [1, 2, 3, 12, 40].map((count) => fingerprint(statement(count)))
    expect(new Set(all).size).toBe(1)
  })

  it.each([
    [
      'a = 1 or b = 1',
      'b = 1 or a = 1',
      'a = 1 and b = 1',
      'a = 1',
      '(a = 1 or b = 1)',
      'a = 1 or b = 1 or c = 1',
      'a = 1 or b = 1 and c = 1',
      '(a = 1 or b = 1) and c = 1',
      'a = 1 or (b = 1 and c = 1)',
      'a = 1 or b = 1 group by c',
      'a = 1 or b = 1 order by c = 1 or b = 1',
      'not (a = 1 or b = 1)',
      'a = 1 or not b = 1',
      'a = 1 or b = f(1)',
      'a = 1 or b = f(1, 1)',
    ],
    [
      'case when a = 1 then b end',
      'case when a = 1 then b else c end',
      'case when a = 1 then c when a = 1 then b end',
      'case when a = 1 then b when a = 1 then c end',
      'case when a = 1 then b when c = 1 then b end',
      'case a when 1 then b end',
      'case when a = 1 then case when a = 1 then b end end',
      'case when case when a = 1 then b end then b end',
      'case when a = 1 then b end = 1 or c',
      'case when a = 1 or c then b end = 1',
    ],
    ['f(a, b or a, b)', 'f(a, b or a)', 'f(a, b)', 'f(a or c, b)', 'f(a or b, b)'],
    ['a in (b or c)', 'a in (b or c, b)', 'a in (b, c)', 'a in (b or b, c)'],
  ])('distinguishes conditions that differ in more than values: %s, …', (...conditions) => {
    const all = conditions.map((condition) => fingerprint(`select x from t where ${condition}`))
    expect(new Set(all).size).toBe(conditions.length)
  })

  it('distinguishes the statements around equal alternatives', () => {
    const statements = [
      'select x from t where a = 1 or a = 2',
      'select y from t where a = 1 or a = 2',
      'select x from t where b = 1 or a = 2',
      'select x from t where (a = 1 or a = 2)',
      'select x from t where a = 1 or a = 2 order by x',
      'select x from t where a = 1 or a = 2 union select y from t where a = 1 or a = 2',
      'select x from t join u on a = 1 or a = 2',
      'select x from t join u on a = 1 or a = 2 left join v on a = 1 or a = 2',
    ]
    expect(new Set(statements.map(fingerprint)).size).toBe(statements.length)
  })

  it('keeps its state for one text only', () => {
    const sql = 'select * from t where a in (b or c, 1) or f((d or d))'
    const first = fingerprint(sql)
    fingerprint('select f((((x = 1 or y = 2)))), case when (a or b) then')
    expect(fingerprint(sql)).toBe(first)
  })

  it.each([
    [
      `select * from t where ${pairs(5)} /* it's */ order by a`,
      'select * from t where (a = ? and b = ?) order by a',
    ],
    [`select * from t where ( ${pairs(5)} ) and c`, 'select * from t where ( (a = ? and b = ?) ) and c'],
    [`delete from t where id = 1 or id = 2;`, 'delete from t where id = ?;'],
    [`delete from t where id = 1 or id = 2 /* it's */`, 'delete from t where id = ?'],
    [`update t set a = ${values(3)}`, 'update t set a = case id when ? then ? else name end'],
    [`update t set a = ${branches(3)}`, 'update t set a = case when id = ? or id = $1 then f(?) end'],
    ['delete from t where id = $1 or id = 1 or id = 2', 'delete from t where id = $1 or id = ?'],
    [`delete from t where ${keys(3)}`, `delete from t where ${keys(3)}`],
    ['delete from t where id = 1 or no = 2 or id = 3', 'delete from t where id = ? or no = ?'],
  ])('keeps of %s the first alternative with a literal, and those with parameters alone', (sql, text) => {
    expect(read(sql)).toMatchObject({ text, truncated: false })
  })

  it('names the tables of equal alternatives once in the summary', () => {
    const exists = (key: number): string => `exists (select from u where id = ${key})`
    expect(read(`select from t where ${exists(1)} or ${exists(2)} or ${exists(3)} limit 1`)).toMatchObject({
      summary: 'select t select u',
      tables: ['t', 'u'],
    })
    const batch = 'delete from t where a = 1 or a = 2 select b from u where b = 1 or b = 2'
    expect(read(batch, 'microsoft.sql_server').summary).toBe('delete t select u')
  })

  it('counts what stands in front of an unmatched quote, and nothing behind it', () => {
    expect(fingerprint("select a where b or c = 'it's'")).toBe(
      fingerprint("select a where b or c = 'x' or 'it's'"),
    )
    expect(fingerprint("select a where b or c = 'it's'")).not.toBe(
      fingerprint("select a where d or c = 'it's'"),
    )
    expect(fingerprint('select a where b or c = "x')).not.toBe(fingerprint('select a where d or c = "x'))
  })

  it('takes linear time for many alternatives and deep nesting', () => {
    // Quadratic time would take minutes.
    expect(fingerprint(`select a where ${keys(20_000)}`)).toBe(fingerprint(`select a where ${keys(2)}`))
    const deep = `select ${'('.repeat(50_000)}a or b or a${')'.repeat(50_000)} where ${'case '.repeat(50_000)}`
    expect(read(deep).truncated).toBe(true)
  })
})

describe('CastFolding', () => {
  it.each([
    ['cast(a as int)', 'a::int'],
    ['cast(t."a" as numeric(10, 2))', 't."a"::numeric(5, 1)'],
    ['cast(count(*) as int)', 'count(*)::int'],
    ['cast((a + b) as int[])', '(a + b)::int[]'],
    ['cast(cast(a as text) as int)', 'a::text::int'],
    ['cast(a::text as int)', 'a::text::int'],
    ['cast(a[1] as s.t)', 'a[1]::s.t'],
    ['cast(a as timestamp with time zone)', 'a::timestamp with time zone'],
    ['cast(a as double precision) as precision', 'a::double precision as precision'],
    ['cast(current_date as text)', 'current_date::text'],
    ['-cast(a as int) + b', '-a::int + b'],
    ['f(cast(a as int), cast($1 as int), cast(b as text))', 'f(a::int, $1, b::text)'],
  ])('gives %s the fingerprint of %s', (one, other) => {
    expect(fingerprint(`select ${one} from t order by 1`)).toBe(
      fingerprint(`select ${other} from t order by 1`),
    )
  })

  it.each([
    [
      'c * cast(a + b as int)',
      'cast(c * a + b as int)',
      'c * a + b::int',
      'c * (a + b)::int',
      'cast(c * a as int) + b',
    ],
    ['cast(a as double) precision', 'cast(a as double precision)', 'cast(a as double)'],
    ['cast(a, b)', 'a, b', 'cast(a)', 'a', 'cast(a, b as int)'],
    ['cast(-a as int)', '-a::int', 'cast(a as int)'],
    ['cast(a at time zone b as date)', 'a at time zone b::date', 'cast(a as date)'],
    ['cast(not a as int)', 'not a::int', 'cast(a or b as int)', 'a or b::int'],
    ['cast', '"cast"', 'cast(a as int)'],
  ])('distinguishes %s, %s, …', (...expressions) => {
    const all = expressions.map((expression) => fingerprint(`select ${expression} from t`))
    expect(new Set(all).size).toBe(expressions.length)
  })
})
