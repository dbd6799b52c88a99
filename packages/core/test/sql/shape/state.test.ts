import { beforeAll, describe, expect, it, vi } from 'vitest'

import type { AnalyzeOptions } from '../../../src/sql/shape/query-shape.js'

/** Texts that end in the middle of a clause, a literal or a list. */
const UNFINISHED = [
  'select a from t order by',
  'select a from t order by 1',
  'select a from t group by a, 2',
  'select (select a from t order by a,',
  'select a from t where b =',
  'select 1::',
  'select $1::numeric(',
  'select $1::s.',
  'select date',
  'select numeric(3',
  'select interval',
  "select interval '1'",
  'select cast',
  'select cast(',
  'select cast(1',
  'select cast(1 as',
  'select cast(1 as numeric(3',
  'insert into t values',
  'insert into t values (1, (',
  'insert into t values (1)',
  'insert into t values ($1, $2), ($3',
  'select array[1, b, 1',
  "select * from t where a in ('x', (select b from",
  'select a as',
  'select a inner',
  'select a;',
  ';',
  'select 5 -',
  'select a.',
  'select "a"."b"',
  'select * from "a"',
  'with recursive a as (select 1',
  'with recursive',
  'with a (b',
  'with a as (select 1) cycle',
  'update t set a = 1, b',
  'select * from t join u',
  'delete from t using',
  'merge into t using u on true',
  'create unique',
  'create table t as',
  'create function f() returns int begin',
  'create trigger t before',
  'explain',
  'prepare p as',
  'copy t from stdin;',
  'vacuum (',
  'set a',
  'pragma a',
  'exec p',
  'is',
  'is not',
  'default',
  '99 +',
  '+-+-+-+-',
  'select /* a',
  'select cast(a',
  'select cast(a as',
  'select f((cast((a',
  'select a from t where b or',
  'select a from t where b in (c or d',
  'select case when a or b then c when',
  'select case a when 1 then 2 else',
  'set a to',
  'set a =',
  'alter role r password',
  'create user u identified',
  'create user u identified by',
  'create user u identified with p as',
  'select * from t for system_time',
  'bulk insert',
  'create or',
  'create definer =',
  'create rule r as on insert to t do (a;',
  'with recursive a as (select * from b), b as (',
  'delete a from a',
  'copy (',
  'cluster i on',
  'load data infile',
  'grant',
  "select 'a",
  "select 'a', from b 'c'd",
  "select 'C:\\', from b 'c'",
  'select "a',
  'select :a, $1, ?, @b',
] as const

/** Texts that the reader would read differently if it kept the state of one of these. */
const BEGINNINGS = [
  '1',
  '2, 3',
  '1 from a',
  "'x'",
  "'x' day",
  'day',
  'a b',
  '"a"."b"',
  '."b"',
  'int',
  'as int)',
  '(1, 2)',
  '(3)',
  ', 4',
  ', ($1, $2), ($3, $4)',
  '), b) a',
  '] a',
  '::int',
  '.b c',
  '+ 5',
  '- a',
  '? a',
  ':a b',
  '[:a]',
  '[1]',
  'is null',
  'null',
  'default',
  'join a',
  'outer join a',
  'as order',
  'apply a',
  'with time zone',
  'order by 1',
  'over (order by 1)',
  'as (select 1) select * from a',
  'from a, b',
  'set a = 1',
  'using a',
  'on a',
  'table a',
  'select * from a; delete from b',
  '; a',
  ')',
  'update a',
  '"a" \'b\'',
  '1+2-3',
  'or c or d',
  'when a then b when c then d end',
  'else a end',
  'case a when 1 then 2 when 3 then 4 end',
  'a as int)',
  'to secret',
  '= secret',
  'secret replace secret',
  'from @a',
  'execute a',
  'as true',
  'insert a',
  '; b)',
] as const

const READINGS: readonly AnalyzeOptions[] = [
  { dialect: 'postgresql' },
  { dialect: 'sqlite' },
  {},
  { dialect: 'postgresql', mergeNames: true },
]

/** Reads a shape as text, which compares faster than an object. */
type Read = (sql: string, options: AnalyzeOptions) => string

/** Loads a reader that has read nothing yet. */
async function freshReader(): Promise<Read> {
  vi.resetModules()
  const { analyzeQuery } = await import('../../../src/sql/shape/query-shape.js')
  return (sql, options) => JSON.stringify(analyzeQuery(sql, options))
}

describe('analyzeQuery after an unfinished statement', () => {
  let read: Read
  const shapes: { readonly sql: string; readonly options: AnalyzeOptions; readonly first: string }[] = []

  beforeAll(async () => {
    for (const options of READINGS) {
      for (const sql of BEGINNINGS) {
        shapes.push({ sql, options, first: (await freshReader())(sql, options) })
      }
    }
    read = await freshReader()
  })

  it.each(UNFINISHED)('reads every text as if it had not read %j before', (unfinished) => {
    for (const before of [{ dialect: 'postgresql' }, { dialect: 'mysql' }, {}]) {
      const others = shapes.filter(({ sql, options, first }) => {
        read(unfinished, before)
        return read(sql, options) !== first
      })
      expect(others).toEqual([])
    }
  })
})
