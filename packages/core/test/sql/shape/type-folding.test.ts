import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const fingerprint = (sql: string, dialect = 'postgresql'): string =>
  analyzeQuery(sql, { dialect }).fingerprint

describe('TypeFolding', () => {
  it.each([
    '$1::int',
    '1::numeric(10, 2)',
    "'x'::pg_catalog.int4",
    '$1::"char"',
    '$1::pg_catalog."char"',
    '$1::s.t::u.v',
    '$1::int[]',
    '$1::int[3][]',
    '$1::int array',
    '$1::int array[3]',
    '$1::numeric(10, 2)[]',
    '$1::numeric((1), 2)',
    '$1::timestamp with time zone',
    '$1::timestamp(3) without time zone',
    '$1::double precision',
    '$1::character varying(10)',
    'cast($1 as int)',
    'cast($1 as numeric(10, 2))',
    'cast($1 as s."t"[])',
    "cast('x' as timestamp(3) with time zone)",
    'cast(-1 as int)::text',
    "date '2026-11-24'",
    "numeric(10, 2) '1'",
    "double precision '1'",
    "character varying(10) '1'",
    "timestamp(3) with time zone '2026-11-24'",
    "interval '1'",
    "interval(3) '1'",
    "interval '1' day",
    "interval '1' day to second",
    "date '2026-11-24'::text",
    "name 'x'",
  ])('ignores the type in %s', (constant) => {
    const read = (value: string): string =>
      fingerprint(`select ${value} + b, f(${value}), ${value} from t where c in (${value}) order by a, 2`)
    expect(read(constant)).toBe(read('$1'))
  })

  it.each([
    ['cast(a as int)', 'cast(a as text)'],
    ['cast(a as int)', 'a'],
    ['cast(a + 1 as int)', 'cast(a + 1 as text)'],
    ['cast($1 + a as int)', 'cast($1 + a as text)'],
    ['cast(f($1) as int)', 'cast(f($1) as text)'],
    ['cast($1, a as int)', 'cast($1, a as text)'],
    ['cast $1 as int', 'cast $1 as text'],
    ['cast($1 int)', 'cast($1 text)'],
    ['cast(as b)', 'cast(as c)'],
    ['cast($1 as int) a', 'cast($1 as int) b'],
    ['cast($1 as int)', '$1, $2'],
    ['f(cast($1 as int), a)', 'f(cast($1 as int), b)'],
    ['a::int', 'a::text'],
    ['a::numeric(1)', 'a::numeric'],
    ['$1::int a', '$1::int b'],
    ['$1::int "a"', '$1::int "b"'],
    ['$1::int, a::text', '$1::int, a::int'],
    ['$1::int + a', '$1::int - a'],
    ['$1::int[], a', '$1::int[], b'],
    ['$1::numeric(3) a', '$1::numeric(3) b'],
    ['$1 zone', '$1'],
    ['$1 array', '$1'],
    ['$1 (a)', '$1 (b)'],
    ['$1 [a]', '$1 [b]'],
    ['date, $1', '$1'],
    ["date, 'x'", "timestamp, 'x'"],
    ["date a 'x'", "'x'"],
    ["a.date 'x'", "a.timestamp 'x'"],
    ["date(a) 'x'", "timestamp(a) 'x'"],
    ["date + 'x'", "timestamp + 'x'"],
    ["date = 'x'", "timestamp = 'x'"],
    ["date(3), 'x'", "timestamp(3), 'x'"],
    ["date) 'x'", "'x'"],
    ['"date" \'x\'', '"timestamp" \'x\''],
    ['date 5', 'timestamp 5'],
    ['date $1', 'timestamp $1'],
    ['$1 day', '$1 hour'],
    ["'x' day", "'x' hour"],
    ["date 'x' day", "date 'x' hour"],
    ["interval 'x', day", "interval 'x', hour"],
    ["interval 'x', 'y' day", "interval 'x', 'y' hour"],
    ["interval 'x' + day", "interval 'x' + hour"],
    ["interval 'x' a day", "interval 'x' a hour"],
    ["a at time zone 'x'", "a at 'x'"],
  ])('distinguishes %s from %s', (one, other) => {
    expect(fingerprint(`select ${one} from t`)).not.toBe(fingerprint(`select ${other} from t`))
  })

  it('reads a type before a literal in PostgreSQL, and a name with an alias in other systems', () => {
    const [named, alone] = ["select name 'x'", "select 'x'"] as const
    expect(fingerprint(named)).toBe(fingerprint(alone))
    for (const dialect of ['mysql', 'sqlite', 'microsoft.sql_server', 'other_sql']) {
      expect(fingerprint(named, dialect)).not.toBe(fingerprint(alone, dialect))
      expect(fingerprint("select date 'x'", dialect)).toBe(fingerprint(alone, dialect))
    }
  })

  it('ignores the field after an interval literal in PostgreSQL, and counts it as a unit in other systems', () => {
    const [day, hour] = ["select a + interval '1' day", "select a + interval '1' hour"] as const
    expect(fingerprint(day)).toBe(fingerprint(hour))
    expect(fingerprint(day, 'mysql')).not.toBe(fingerprint(hour, 'mysql'))
  })

  it('keeps the number of open brackets', () => {
    // A number names a column only if no bracket is open.
    const read = (position: number): string =>
      fingerprint(`select (cast($1 as numeric(3))), $1::numeric(3, 2), b from t order by ${position}`)
    expect(read(2)).not.toBe(read(3))
  })
})
