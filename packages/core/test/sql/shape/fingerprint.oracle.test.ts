import { fingerprintSync } from 'libpg-query'
import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { ownFiles, postgresFiles, scanTokens, statementsOf } from '../support/corpus.ts'

interface Verdict {
  readonly sql: string
  readonly ours: string
  readonly theirs: string
  readonly isPlanned: boolean
}

const PLANNED = new Set(['select', 'insert', 'update', 'delete', 'merge'])

/** Both fingerprints, or `undefined` for a statement that PostgreSQL's parser refuses. */
function judge(sql: string): Verdict | undefined {
  const { fingerprint, kind } = analyzeQuery(sql, { dialect: 'postgresql', backslashEscapes: false })
  try {
    return { sql, ours: fingerprint, theirs: fingerprintSync(sql), isPlanned: PLANNED.has(kind) }
  } catch {
    return undefined
  }
}

const verdicts = statementsOf([...ownFiles, ...postgresFiles])
  .map(judge)
  .filter((verdict) => verdict !== undefined)

/** Pairs of statements whose fingerprints are equal by one side and different by the other. */
function disagreements(by: 'ours' | 'theirs', but: 'ours' | 'theirs'): readonly string[] {
  const pairs: string[] = []
  for (const group of Map.groupBy(verdicts, (verdict) => verdict[by]).values()) {
    const [first, ...rest] = [...new Map(group.map((verdict) => [verdict[but], verdict])).values()]
    for (const other of rest) {
      if (first?.isPlanned && other.isPlanned)
        pairs.push([oneLine(first.sql), oneLine(other.sql)].sort().join('\n'))
    }
  }
  return pairs.toSorted()
}

function oneLine(sql: string): string {
  return sql.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim()
}

describe('Fingerprint, compared with libpg_query on the corpus', () => {
  it('judges thousands of statements', () => {
    expect(verdicts.length).toBeGreaterThan(4_000)
    expect(verdicts.filter(({ isPlanned }) => isPlanned).length).toBeGreaterThan(350)
  })

  it('parses the corpus, except for statements that were split at a semicolon in a body', () => {
    const refused = statementsOf(ownFiles).filter(
      (sql) => scanTokens(sql).length > 0 && judge(sql) === undefined,
    )
    expect(refused.length).toBeLessThan(20)
  })

  it('distinguishes all statements that libpg_query distinguishes', () => {
    expect(disagreements('ours', 'theirs')).toEqual([])
  })

  it('distinguishes only these statements that libpg_query does not', () => {
    expect(disagreements('theirs', 'ours')).toMatchInlineSnapshot(`
      [
        "SELECT 'alpha' 'beta' 'gamma' AS joined, 'x' 'y', E'one\\n' 'two\\n'
      select $1 as n",
        "SELECT 'plain', 'it''s', '', '''', 'back\\slash', 'semi;colon', ' lines', 'tab here'
      select $1 as n",
        "SELECT * FROM ONLY kiln
      TABLE ONLY public.kiln",
        "SELECT * FROM kiln
      SELECT * FROM kiln *",
        "SELECT * FROM kiln
      TABLE kiln",
        "SELECT 0, 42, 007, 2147483647, 2147483648, 9223372036854775807, 9223372036854775808, 123456789012345678901234567890
      select $1 as n",
        "SELECT 0x1F, 0XffFF, 0o17, 0O777, 0b1010, 0B1, 1_000_000, 0x_dead_beef, 0b_1111_0000, 0o_7_7, 1_0.5_0, 1_2e1_0, 0xFFFFFFFFFFFFFFFFF
      select $1 as n",
        "SELECT 1
      select $1 as n",
        "SELECT 1 /*/ odd /*/ */ */, 2 /***/, 3 /****/, 4 , 5 /*
      select $1 as n",
        "SELECT 1 AS select, 2 "from", 3 where_, 4 AS "Order By"
      select $1 as n",
        "SELECT 5 value, 6 name, 7 AS year, 8 AS to
      select $1 as n",
        "SELECT ALL
      select",
        "SELECT B'1011', b'', X'1Fa0', x'', B'10' '01', N'national', n'lower'
      select $1 as n",
        "SELECT date '2032-02-29', time '04:05:06.789', time with time zone '04:05+02', timestamp '2032-02-29 12:00', timestamptz '2032-02-29 12:00:00+01', timestamp(3) with time zone '2032-02-29 12:00:00.1234 Asia/Tokyo', timestamp without time zone 'epoch', time(2) without time zone 'allballs', date 'infinity'
      select $1 as n",
        "SELECT id FROM entry FETCH FIRST ROW ONLY
      SELECT id FROM entry LIMIT NULL",
        "SELECT int '5', int4 '6', bigint '-7', numeric(5, 2) '123.45', decimal '1', real '2', double precision '3', float(24) '4', char 'x', char(3) 'abc', character varying(9) 'vc', varchar 'vc', text 't', bit '101', bit(3) '101', bit varying '1', jsonb '{"a": [1, 2]}', uuid '6f1cb1f4-0000-4000-8000-0123456789ab', point '(1,2)', pg_catalog.int4 '9', "char" 'c', regclass 'pg_class', tsquery 'a & b', bytea '\\xdeadbeef', xml '<a/>', money '12.50'
      select $1 as n",
        "SELECT interval '1', interval '2 years 3 mons', interval '4' day, interval '5 06:07' day to minute, interval '5 06:07:08.9' day to second, interval '8.123456' second(3), interval '10:20' hour to minute, interval '1-2' year to month, interval(2) '1.23456 seconds', interval '3 4:05:06.78' day to second (1), interval 'P1Y2M3DT4H5M6S', INTERVAL '@ 1 minute ago'
      select $1 as n",
        "SELECT true, false, TRUE, null, NULL, 't'::bool, bool 'no', 'NaN'::float8, float8 'Infinity', '-inf'::numeric
      select $1 as n",
        "select "id" from "other"."person"
      select "id" from "person"",
        "select "order_items".*, "products"."name" from "order_items" inner join "products" on "products"."id" = "order_items"."product_id" where "order_id" = $1 order by "order_id", "line"
      select "order_items".*, "products"."name" from "order_items" inner join "products" on "products"."id" = "order_items"."product_id" where "order_id" = any($1) order by "order_id", "line"",
        "select $1 as n
      select $1 as one",
        "select * from (select pg_sleep($1) as done) as "sleep"
      select * from (select pg_sleep($1)) as "sleep"",
        "select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "customers" t
      select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "order_items" t",
        "select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "customers" t
      select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "orders" t",
        "select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "customers" t
      select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "products" t",
        "select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "customers" t
      select count(*)::int as count, md5(string_agg(t::text, $1 order by t::text)) as checksum from "reviews" t",
      ]
    `)
  })
})

/** A change of a statement, and what it makes of the fingerprint. `theirs` is given if libpg_query disagrees. */
interface Change {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly ours: 'equal' | 'different'
  readonly theirs?: 'equal' | 'different'
}

const SELECT = 'select a, b from t as x where c = 1 and d in (1, 2) order by a limit 10'

const changes: readonly Change[] = [
  { what: 'a constant', from: 'c = 1', to: 'c = 2', ours: 'equal' },
  { what: 'a parameter for a constant', from: 'c = 1', to: 'c = $1', ours: 'equal' },
  { what: 'a constant of another kind', from: 'c = 1', to: "c = 'x'", ours: 'equal' },
  { what: 'the length of a list', from: '(1, 2)', to: '(1, 2, 3)', ours: 'equal' },
  { what: 'letter case', from: SELECT, to: SELECT.toUpperCase(), ours: 'equal' },
  { what: 'the spelling of an alias', from: 't as x', to: 't x', ours: 'equal' },
  { what: 'a column', from: 'c = 1', to: 'e = 1', ours: 'different' },
  { what: 'an operator', from: 'c = 1', to: 'c > 1', ours: 'different' },
  { what: 'a condition', from: 'c = 1 and', to: 'c = 1 or', ours: 'different' },
  { what: 'the order', from: 'order by a', to: 'order by a desc', ours: 'different' },
  { what: 'DISTINCT', from: 'select', to: 'select distinct', ours: 'different' },
  { what: 'a lock', from: 'limit 10', to: 'limit 10 for update', ours: 'different' },
  { what: 'a function', from: 'select a', to: 'select lower(a)', ours: 'different' },
  { what: 'the order of arguments', from: 'select a', to: 'select f(b, a)', ours: 'different' },
  // Differences on purpose, listed in docs/FINGERPRINTS.md.
  { what: 'a table', from: 'from t', to: 'from u', ours: 'different', theirs: 'equal' },
  { what: 'OFFSET', from: 'limit 10', to: 'limit 10 offset 5', ours: 'different', theirs: 'equal' },
  {
    what: 'the order of conditions',
    from: 'c = 1 and d in (1, 2)',
    to: 'd in (1, 2) and c = 1',
    ours: 'different',
    theirs: 'equal',
  },
  { what: 'digits of a table', from: 'from t', to: 'from t1', ours: 'different', theirs: 'equal' },
  { what: 'the order of columns', from: 'a, b', to: 'b, a', ours: 'different', theirs: 'equal' },
  { what: 'a repeated column', from: 'a, b', to: 'a, b, b', ours: 'different', theirs: 'equal' },
  { what: 'an alias', from: 't as x', to: 't as y', ours: 'different' },
  { what: 'a name for a column', from: 'select a', to: 'select a as z', ours: 'different', theirs: 'equal' },
  { what: 'a schema', from: 'from t', to: 'from s.t', ours: 'different', theirs: 'equal' },
  { what: 'parentheses', from: 'c = 1', to: '(c = 1)', ours: 'different', theirs: 'equal' },
  { what: 'a position', from: 'order by a', to: 'order by 1', ours: 'different' },
  { what: 'another condition of the same form', from: 'c = 1', to: 'c = 1 or c = 2', ours: 'different' },
  { what: 'the spelling of a cast', from: 'c = 1', to: 'c = cast($1 as int)', ours: 'equal' },
  { what: 'a cast of a parameter', from: 'c = 1', to: 'c = $1::int', ours: 'equal' },
  { what: 'a cast of a constant', from: 'c = 1', to: "c = '1'::int", ours: 'equal' },
  { what: 'a typed constant', from: 'c = 1', to: "c = date '2026-11-24'", ours: 'equal' },
]

describe('Fingerprint, compared with libpg_query on a change', () => {
  it.each(changes)('is $ours for $what', ({ from, to, ours, theirs = ours }) => {
    expect(SELECT).toContain(from)
    const changed = SELECT.replace(from, to)
    const before = judge(SELECT)
    const after = judge(changed)
    expect(before?.ours === after?.ours ? 'equal' : 'different', `ours of ${changed}`).toBe(ours)
    expect(before?.theirs === after?.theirs ? 'equal' : 'different', `theirs of ${changed}`).toBe(theirs)
  })

  it('does not count how many conditions of one form stand between OR, which libpg_query counts up to two', () => {
    const conditions = ['c = 1', 'c = 1 or c = 2', 'c = 1 or c = 2 or c = 3']
    const [one, two, three] = conditions.map((condition) => judge(`select a from t where ${condition}`))
    expect([two?.ours, three?.ours]).toEqual([one?.ours, one?.ours])
    expect(two?.theirs).toBe(three?.theirs)
    expect(one?.theirs).not.toBe(two?.theirs)
  })

  it.each([
    ['cast(a as int)', 'a::int'],
    ['cast(count(*) as numeric(10, 2))', 'count(*)::numeric(10, 2)'],
    ['f(a := 1)', 'f(a => 1)'],
    ['case a when 1 then 2 end', 'case a when 1 then 2 when 3 then 4 when 5 then 6 end'],
  ])('is equal for %s and %s, as that of libpg_query', (one, other) => {
    const [first, second] = [one, other].map((expression) => judge(`select ${expression} from t`))
    expect(first?.ours).toBe(second?.ours)
    expect(first?.theirs).toBe(second?.theirs)
  })

  it('counts a position in ORDER BY, which libpg_query does not', () => {
    const [one, two] = [1, 2].map((position) => judge(`select a, b from t order by ${position}`))
    expect(one?.ours).not.toBe(two?.ours)
    expect(one?.theirs).toBe(two?.theirs)
  })
})
