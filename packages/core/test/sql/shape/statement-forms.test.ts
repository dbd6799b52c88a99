import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { statementForms } from '../support/statement-forms.ts'

describe('analyzeQuery on statements of the forms of each system', () => {
  it.each([
    ['microsoft.sql_server', "select json_object('id':12345)", 'text', 'select json_object(?:?)'],
    [
      'microsoft.sql_server',
      'create or alter trigger r on t after insert as select 1',
      'summary',
      'create trigger r t',
    ],
    ['microsoft.sql_server', 'grant execute on p to r', 'text', 'grant execute on p to r'],
    ['microsoft.sql_server', 'disable trigger x on t', 'summary', 'disable trigger x'],
    ['microsoft.sql_server', "bulk insert t from 'x'", 'kind', 'insert'],
    ['mysql', 'create definer=`root`@`%` view v as select * from t', 'summary', 'create view v select t'],
    ['postgresql', "prepare transaction 'x'", 'kind', 'transaction'],
    [
      'postgresql',
      'create rule r as on insert to t do instead (delete from u; delete from v)',
      'kind',
      'schema',
    ],
    ['mysql', 'use mydb', 'summary', 'use mydb'],
    ['postgresql', 'select * from "select"', 'summary', 'select "select"'],
    ['mysql', 'delete t1 from t1 join t2 on t1.id = t2.id', 'summary', 'delete t1 t2'],
  ] as const)('reads in %s of %s the %s %s', (dialect, sql, field, value) => {
    expect(analyzeQuery(sql, { dialect })[field]).toBe(value)
  })

  it.each([
    [
      'microsoft.sql_server',
      'delete from "person" output "deleted"."first_name", "deleted"."last_name" where "id" = @1',
      'tables',
      ['person'],
    ],
    [
      'microsoft.sql_server',
      'merge into a using b on a.id = b.id when matched then delete output inserted.id, deleted.x;',
      'tables',
      ['a', 'b'],
    ],
    [
      'sqlite',
      'with c as (select id from t union all select t.id from t join c on t.parent = c.id) select id from c',
      'tables',
      ['t'],
    ],
    ['postgresql', 'with recursive x as (select * from y), y as (select 1) select * from x', 'tables', []],
    ['microsoft.sql_server', 'select * from e for system_time from @a to @b', 'tables', ['e']],
    ['microsoft.sql_server', 'create or alter view v as select * from t', 'tables', ['t', 'v']],
    ['mysql', 'select * from t use index for join (i)', 'tables', ['t']],
    ['mysql', "load data infile 'x' into table t", 'writtenTables', ['t']],
    ['mariadb', 'delete history from t', 'tables', ['t']],
    ['postgresql', 'select * from current_date', 'tables', []],
    ['postgresql', 'select * from merge', 'tables', ['merge']],
    ['postgresql', 'cluster i on t', 'tables', ['t']],
  ] as const)('reads in %s of %s the %s %j', (dialect, sql, field, tables) => {
    expect(analyzeQuery(sql, { dialect })[field].toSorted()).toEqual(tables.toSorted())
  })

  it.each(
    Object.entries(statementForms).flatMap(([dialect, rows]) =>
      rows.map((row) => [dialect, ...row] as const),
    ),
  )('reads in %s of %s kind, summary, tables and written tables', (dialect, sql, ...expected) => {
    const shape = analyzeQuery(sql, { dialect })
    expect([shape.kind, shape.summary, shape.tables.join(' '), shape.writtenTables.join(' ')]).toEqual(
      expected,
    )
  })
})
