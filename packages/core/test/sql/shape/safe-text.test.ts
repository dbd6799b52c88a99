import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const read = (sql: string, dialect = 'postgresql') => analyzeQuery(sql, { dialect })

describe('SafeText', () => {
  it.each([
    ['select "column_2", $12 from t1 where b = $1 and c in ($2, $3)'],
    ['select * from t where a ? $1 and b ?| $2'],
    ['insert into t (a, b) values ($1, default), ($2, $3)'],
    ['select """a""", "b""" from """t"'],
    ['select\n  a\nfrom\tt'],
    ['delete from t where (a = $1 and b = $2) or (a = $3 and b = $4) or c is not null'],
    ['update t set a = case b when $1 then $2 when $3 then $4 else cast(c as text) end where b = any($5)'],
  ])('keeps parameterised SQL as it is: %s', (sql) => {
    expect(read(sql)).toMatchObject({ text: sql, truncated: false })
  })

  it.each([
    [
      "select 'it''s' || E'\\'x' || U&'\\0041' || $a$ ' $a$ || N'n' || b'1' || X'1F'",
      'select ? || ? || ? || ? || ? || ? || ?',
    ],
    ['select 1, -1, - 1.5e-3, .5, 0x1F, 1_000, 1e5, a-1, a - -1', 'select ?, ?, ?, ?, ?, ?, ?, a-?, a - ?'],
    [
      'select true, null, a is not null, b is true, not false',
      'select ?, ?, a is not null, b is true, not false',
    ],
    [
      "select date '2026-11-24', interval '1' day, '1'::int, cast('1' as int)",
      'select date ?, interval ? day, ?::int, cast(? as int)',
    ],
    ["select 'a'\n'b', 'c' -- x\n 'd'", 'select ?, ?'],
    [
      "select * from t where a in (1, 'x', null) and (b, c) in ((1, 2), (3, 4))",
      'select * from t where a in (?) and (b, c) in ((?, ?))',
    ],
    ["select * from t where a in ($1, 'x', 'y')", 'select * from t where a in ($1, ?)'],
    ['select * from t where a in (1, b, 2, c)', 'select * from t where a in (?, b, c)'],
    ['select * from t where a = any(array[1, 2, 3])', 'select * from t where a = any(array[?])'],
    ["insert into t values (1, now()), (2, now()), (3, 'x')", 'insert into t values (?, now()), (?, ?)'],
    [
      'insert into t values (1) on conflict (a) do update set b = 2, c = 3',
      'insert into t values (?) on conflict (a) do update set b = ?, c = ?',
    ],
    ['select 1/* a */ + /* b /* c */ */ 2 -- d', 'select ? +  ?'],
    ['select a/**/b, -/**/-1', 'select a b, - ?'],
    ['select a /**/b, c/**/ d, e!/**/f', 'select a b, c d, e! f'],
    [' \t\nselect 5 !\r\n ', 'select ? !'],
    ['!5! ', '!?!'],
    ['copy t from stdin;', 'copy t from stdin;'],
    ['select 1 as true, 2 as null, true as a', 'select ? as true, ? as null, ? as a'],
    ['select $1::numeric(10, 2)', 'select $1::numeric(?, ?)'],
    ['select \u0000 1', 'select \u0000 ?'],
    ['select \'a\ud800b\', "c\ud800"', 'select ?, "c\ufffd"'],
  ])('turns %j into %j', (sql, text) => {
    expect(read(sql)).toMatchObject({ text, truncated: false })
  })

  it.each([
    ["select 'secret", 'select …'],
    ['select "secret', 'select …'],
    ['select $$secret', 'select …'],
    ['select $a$ secret $b$', 'select …'],
    ['select 1 /* secret', 'select ? …'],
    ["select E'secret\\'", 'select …'],
    // A quote is missing or too many: every name may be a part of a string.
    ["select * from t where a = 'it's secret' and b = 1", 'select * from t where a = …'],
    ["select a from t where b = 'x' and c = 'it\\'s secret'", 'select a from t where b = …'],
  ])('ends before an unreadable part: %s', (sql, text) => {
    expect(read(sql)).toMatchObject({ text, truncated: true })
    expect(JSON.stringify(read(sql))).not.toContain('secret')
  })

  it.each([
    ["update u set name = 'O'Brien', password = 'pa'ss' where id = 1", 'update u set name = …'],
    ["insert into u values ('O'Brien Smith', 'it's Hunter2 ok')", 'insert into u values ( …'],
    ["select * from t where a = ''SECRET''", 'select * from t where a = …'],
    ["select * from t where a = 'the dogs' and cats' food'", 'select * from t where a = …'],
    ['COPY t FROM stdin;\n1\tSECRET\n\\.', 'COPY t FROM stdin; …'],
  ])('ends before the first string if an unescaped quote stands in a string: %j', (sql, text) => {
    expect(read(sql)).toMatchObject({ text, truncated: true })
    expect(JSON.stringify(read(sql))).not.toMatch(/Brien|Hunter|SECRET|cats|ss/)
  })

  it('drops everything since the first string if quotes do not match', () => {
    const sql = "select a from t where b = 'x' and c in (select d from secret where e = 'it's secret')"
    expect(read(sql)).toMatchObject({
      text: 'select a from t where b = …',
      summary: 'select t',
      operation: 'select',
      tables: ['t'],
      explainable: false,
    })
    const written = "update t set a = 'x'; delete from secret where b = 'it's'"
    expect(read(written)).toMatchObject({ tables: ['t'], writtenTables: ['t'] })
    expect(read(sql).fingerprint).toBe(read("select a from t where b = 'y' or f(c) = 'it's'").fingerprint)
  })

  it.each(['a', 'z', 'A', 'Z', '0', '9', '_', 'é'])('ends before a string that %s touches', (character) => {
    expect(read(`select b, 'x'${character} from t`).text).toBe('select b, …')
    expect(read(`select b, c${character}'x' from t`).text).toBe(`select b, c${character} …`)
  })

  it.each(['[1]', '::text', '{', '@a', '`a`', ')', '=b', '||a', '"a"'])(
    'continues after a string that %s touches',
    (end) => {
      expect(read(`select b, 'x'${end}`).text).toBe(`select b, ?${end.replace('1', '?')}`)
    },
  )

  it.each([["select N'x', date'2026-11-24' from t where a like'x' and b=E'y'"]])(
    'continues after a string with a prefix: %s',
    (sql) => {
      expect(read(sql)).toMatchObject({ truncated: false, tables: ['t'] })
    },
  )

  it('ends at a backslash where the fingerprint continues', () => {
    const one = read("select a from t where b like $1 escape '\\' and c = 1")
    const other = read("select a from t where b like $1 escape '\\' and d = 1")
    expect(one.text).toBe('select a from t where b like $1 escape …')
    expect(one.fingerprint).not.toBe(other.fingerprint)
    expect(one.fingerprint).toBe(read("select a from t where b like $1 escape '!' and c = 2").fingerprint)
  })

  it.each([
    ['mysql', "select 1 -- \r'\n, 'secret' -- \r'\n", 'select ? \n, ?'],
    ['sqlite', "select 1 -- \r'\n, 'secret' -- \r'\n", 'select ? \n, ?'],
    ['microsoft.sql_server', "select 1 -- \r'\n, 'secret' -- \r'\n", 'select ? …'],
    ['mysql', "select 1 --\x7f'\n,'secret' --\x7f'\n", 'select ? \n,?'],
    ['microsoft.sql_server', 'select 1 -- \r, secret\n, 2', 'select ? …'],
    ['postgresql', 'select $$secret', 'select …'],
    ['postgresql', 'select $a$secret$b$, $$', 'select …'],
    ['postgresql', "select a&'secret', b", 'select a&?, b'],
    ['mysql', "select a&'secret', u&'secret'", 'select a&?, u&?'],
    ['mysql', 'select "", b, "secret"', 'select ?, b, ?'],
    ['mysql', 'select "a\\"secret", b', 'select …'],
    ['postgresql', "select 'secret' -- a\r'secret', b", 'select ?, b'],
    ['mysql', 'select 5--/* secret */3', 'select ? …'],
    ['mysql', 'select 5--# secret\n3', 'select ? …'],
    ['mysql', 'select 5---3, secret', 'select ? …'],
    ['mysql', "select 1 /* it's secret */, b", 'select ? , b'],
    ['postgresql', "select 1 /*! it's secret */, b", 'select ? , b'],
    [
      'mysql',
      "create function f() returns int language javascript as $$ return secret + 'x' $$",
      'create function f() returns int language javascript as …',
    ],
    ['postgresql', "select (:E'secret'), :x'secret', :U&'secret'", 'select (:?), :?, :?'],
    ['postgresql', 'select 1$$sec secret$$ from t', 'select ? …'],
    ['sqlite', 'PRAGMA key = "x\'2DD29Csecret\'"', 'PRAGMA key = ?'],
    ['sqlite', "select [a]] , 'secret' [b]", 'select [a]] , ? [b]'],
    ['microsoft.sql_server', 'exec sp_addlogin joe, secret', 'exec sp_addlogin ?, ?'],
    ['microsoft.sql_server', 'exec p @a = secret', 'exec p @a = ?'],
    [
      'microsoft.sql_server',
      'create procedure p as exec q a exec r',
      'create procedure p as exec ? ? exec ?',
    ],
    ['microsoft.sql_server', 'grant execute on p to bob', 'grant execute on p to bob'],
    [
      'microsoft.sql_server',
      'grant select, execute on p to bob exec q secret',
      'grant select, execute on p to bob exec ? ?',
    ],
    [
      'microsoft.sql_server',
      'insert t with a as (exec p x), b as (select c from d) select e from b',
      'insert t with a as (exec p ?), b as (select c from d) select e from b',
    ],
    ['mysql', 'select , "\\"\'"secret\'\'', 'select , …'],
  ])('shows in %s nothing of the literal in %j: %j', (dialect, sql, text) => {
    const shape = analyzeQuery(sql, { dialect, ...(dialect === 'mysql' && { backslashEscapes: true }) })
    expect(shape.text).toBe(text)
    expect(JSON.stringify(shape)).not.toContain('secret')
  })

  it('stays ended inside a list whose repetitions are left out', () => {
    const sql = "select * from t where a in ('a', 'C:\\', 'b') and c = secret"
    expect(read(sql)).toMatchObject({ text: 'select * from t where a in (?, …', truncated: true })
    const rows = "insert into t values ('a'), ('C:\\'), ('b') returning secret"
    expect(read(rows).text).not.toMatch(/secret|\) r/)
  })

  it('takes linear time for a long run of signs', () => {
    // Quadratic time would take hours.
    for (const run of ['+-', '+', '-+ ', '=-', '<+']) {
      expect(read(`select ${run.repeat(200_000)}`).truncated).toBe(true)
    }
  })

  it('is short for a statement with a long literal', () => {
    const shape = read(`select * from a_table_with_a_long_name where x = '${'x'.repeat(100_000)}'`)
    expect(shape.text).toBe('select * from a_table_with_a_long_name where x = ?')
    expect(shape.tables).toEqual(['a_table_with_a_long_name'])
  })

  it('continues after a backslash if the option backslashEscapes is given', () => {
    const path = "select 'C:\\' as a, 'secret' as b"
    expect(read(path).text).toBe('select …')
    expect(analyzeQuery(path, { dialect: 'postgresql', backslashEscapes: false }).text).toBe(
      'select ? as a, ? as b',
    )
    const quote = "select 'it\\'s secret' as a"
    expect(analyzeQuery(quote, { dialect: 'mysql', backslashEscapes: true }).text).toBe('select ? as a')
    expect(analyzeQuery(quote, { dialect: 'mysql' }).text).toBe('select …')
  })

  it.each([
    ['mysql', 'select "secret", `a` # secret\nfrom t', 'select ?, `a` \nfrom t'],
    ['mysql', 'select 5--3, 5 -- secret\n', 'select ?-?, ?'],
    ['mysql', "/*!50000 'a */ secret' */ select 1", '…'],
    ['mysql', "select _utf8'secret', x'1F', @a, @@b, ?, :c", 'select ?, ?, @a, @@b, ?, :c'],
    ['sqlite', "select [it's], \"a\", 'secret', ?1, $a, @b, :c", 'select [it\'s], "a", ?, ?1, $a, @b, :c'],
    ['sqlite', "select 'a\\', 'secret'", 'select ?, ?'],
    [
      'microsoft.sql_server',
      "select [a]]b], N'secret', @p1, $12.50, £5, €6, #t from #t",
      'select [a]]b], ?, @p1, ?, ?, ?, #t from #t',
    ],
    ['microsoft.sql_server', 'select\u00a05', 'select\u00a0?'],
  ])('is cut and blanked by the rules of %s: %j becomes %j', (dialect, sql, text) => {
    expect(read(sql, dialect).text).toBe(text)
  })

  it('is cut between two tokens at its maximum length', () => {
    const sql = `select ${Array.from({ length: 50 }, (_, index) => `column_${index}`).join(', ')} from t`
    const { text, truncated, tables } = analyzeQuery(sql, { dialect: 'postgresql', maxTextLength: 100 })
    expect(truncated).toBe(true)
    expect(text.length).toBeLessThanOrEqual(102)
    expect(text).toMatch(/^select column_0, .*column_\d+,? …$/)
    // The statement is still read to its end.
    expect(tables).toEqual(['t'])
    expect(read(sql).truncated).toBe(false)
  })

  it('includes the mark of its end in its maximum length', () => {
    const cut = (maxTextLength: number) =>
      analyzeQuery('select abc', { dialect: 'postgresql', maxTextLength })
    expect(cut(12)).toMatchObject({ text: 'select abc', truncated: false })
    expect(cut(11)).toMatchObject({ text: 'select …', truncated: true })
    expect(analyzeQuery('select 12345', { dialect: 'postgresql', maxTextLength: 10 })).toMatchObject({
      text: 'select ?',
      truncated: false,
    })
  })

  it('continues after a repetition that does not fit', () => {
    const sql = 'insert into t values (1, a_long_expression()), (2, a_long_expression()) returning a'
    expect(analyzeQuery(sql, { dialect: 'postgresql', maxTextLength: 60 })).toMatchObject({
      text: 'insert into t values (?, a_long_expression()) returning a',
      truncated: false,
    })
  })

  it('does not continue after a repetition or a comment once it was cut', () => {
    const sql =
      'insert into t values (1, a_long_expression()), (2, a_long_expression()), (3, a_long_expression()) /* b */ returning a'
    expect(analyzeQuery(sql, { dialect: 'postgresql', maxTextLength: 40 })).toMatchObject({
      text: 'insert into t values (?, …',
      truncated: true,
    })
  })

  it('does not count repetitions that are left out', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `(${index}, 'name ${index}')`).join(', ')
    expect(read(`insert into t (a, b) values ${rows} returning a`)).toMatchObject({
      text: 'insert into t (a, b) values (?, ?) returning a',
      truncated: false,
    })
  })

  it('ends where maxLength ends the reading of the statement', () => {
    const sql = `select '${'x'.repeat(100)}' from secret`
    const cut = analyzeQuery(sql, { dialect: 'postgresql', maxLength: 60 })
    expect(cut).toMatchObject({ text: 'select …', truncated: true, tables: [], explainable: false })
    expect(cut.fingerprint).not.toBe(read(sql).fingerprint)
  })

  it('is built from a hundred million characters', () => {
    const huge = `select * from t where a in (${'1, '.repeat(33_000_000)}1)`
    expect(read(huge)).toMatchObject({ truncated: true, tables: ['t'] })
    const literal = `select '${'x'.repeat(100_000_000)}' from t`
    expect(analyzeQuery(literal, { dialect: 'postgresql', maxLength: Infinity })).toMatchObject({
      text: 'select ? from t',
      truncated: false,
    })
  })
})

describe('QueryShape.explainable', () => {
  it('is true only for a statement that was read to its end and that EXPLAIN accepts', () => {
    const two = "select * from t where b = 'C:\\'; delete from u where b = 'x'"
    expect(read(two).explainable).toBe(false)
    expect(read('create view v as select 1').explainable).toBe(false)
    expect(read('create materialized view v as select 1').explainable).toBe(true)
  })
})
