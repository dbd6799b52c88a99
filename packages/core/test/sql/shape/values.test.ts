import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

/** In each statement `Secret1` and `Secret2` are values, which stand without quotes. */
const statements: readonly (readonly [dialect: string, sql: string, text: string])[] = [
  // numbers behind a colon
  ['microsoft.sql_server', "select json_object('id':12345, 'b':@p1)", 'select json_object(?:?, ?:@p1)'],
  ['microsoft.sql_server', "select json_object('id'/**/:12345)", 'select json_object(? :?)'],
  ['microsoft.sql_server', 'select json_object(t.[a]:1.5e3, @b:0x1F)', 'select json_object(t.[a]:?, @b:?)'],
  ['mysql', 'select a :12345', 'select a :?'],
  // passwords
  ['mysql', 'create user u identified by Secret1', 'create user u identified by ?'],
  ['mysql', 'alter user u identified by Secret1 replace Secret2', 'alter user u identified by ? replace ?'],
  ['mysql', 'create user u identified by password Secret1', 'create user u identified by ? ?'],
  ['mysql', "create user u identified by values 'Secret1'", 'create user u identified by ? ?'],
  ['mysql', 'create user u identified with p as Secret1', 'create user u identified with p as ?'],
  ['mysql', 'create user u identified with p by Secret1', 'create user u identified with p by ?'],
  [
    'mariadb',
    'create user u identified via p using Secret1 or q using Secret2',
    'create user u identified via p using ? or q using ?',
  ],
  ['mariadb', 'grant all on *.* to u identified by Secret1', 'grant all on *.* to u identified by ?'],
  ['mysql', 'set password = Secret1', 'set password = ?'],
  ['mysql', 'set password for u@h = Secret1', 'set password for u@h = ?'],
  ['mysql', "set password for u = password('Secret1')", 'set password for u = ?(?)'],
  [
    'mysql',
    'change master to master_user=Secret1, master_password=Secret2',
    'change master to master_user=?, master_password=?',
  ],
  ['mysql', 'alter user u password expire', 'alter user u password expire'],
  [
    'microsoft.sql_server',
    'alter login l with password = 0x0200A hashed',
    'alter login l with password = ? hashed',
  ],
  [
    'microsoft.sql_server',
    'alter login l with password = Secret1 old_password = Secret2',
    'alter login l with password = ? old_password = ?',
  ],
  [
    'microsoft.sql_server',
    'create application role r with password = Secret1',
    'create application role r with password = ?',
  ],
  [
    'microsoft.sql_server',
    'create credential c with identity = Secret1, secret = Secret2',
    'create credential c with identity = ?, secret = ?',
  ],
  [
    'microsoft.sql_server',
    'create symmetric key k with key_source = Secret1',
    'create symmetric key k with key_source = ?',
  ],
  ['postgresql', 'create user u with password Secret1', 'create user u with password ?'],
  ['postgresql', 'alter role u encrypted password "Secret1"', 'alter role u encrypted password ?'],
  // settings
  ['postgresql', 'set app.secret to Secret1', 'set app.secret to ?'],
  ['postgresql', 'set app.secret = Secret1', 'set app.secret = ?'],
  ['postgresql', 'set local app.secret = Secret1, "Secret2"', 'set local app.secret = ?, ?'],
  ['postgresql', 'set app.secret to Secret1 /* c */, Secret2', 'set app.secret to ? , ?'],
  ['postgresql', 'set app.secret = Secret1.Secret2', 'set app.secret = ?.?'],
  [
    'postgresql',
    'alter role r in database d set app.secret to Secret1',
    'alter role r in database d set app.secret to ?',
  ],
  ['postgresql', 'alter database d set app.secret = Secret1', 'alter database d set app.secret = ?'],
  ['postgresql', 'alter system set app.secret = "Secret1"', 'alter system set app.secret = ?'],
  [
    'postgresql',
    'create function f() returns int set app.secret to Secret1 as $$x$$',
    'create function f() returns int set app.secret to ? as ?',
  ],
  ['mysql', 'set a = Secret1, session b = Secret2', 'set a = ?, session b = ?'],
  [
    'postgresql',
    'create function f() returns int set app.a = x, Secret1 begin atomic select 1; end',
    'create function f() returns int set app.a = ?, ? begin atomic select ?; end',
  ],
  ['sqlite', 'pragma key = Secret1', 'pragma key = ?'],
  ['sqlite', 'pragma rekey(Secret1)', 'pragma rekey(?)'],
  ['sqlite', "attach 'a.db' as b key Secret1", 'attach ? as b key ?'],
]

describe('SafeText of statements with values that have no quotes', () => {
  it.each(statements)('turns in %s %j into %j', (dialect, sql, text) => {
    expect(analyzeQuery(sql, { dialect }).text).toBe(text)
  })

  it.each(statements.filter(([, sql]) => /Secret/.test(sql)))(
    'takes in %s nothing of the values in %j',
    (dialect, sql) => {
      for (const reading of [dialect, 'other_sql']) {
        const shape = analyzeQuery(sql, { dialect: reading })
        expect(JSON.stringify(shape)).not.toContain('Secret')
        // Also the fingerprint would show a value to somebody who guesses it.
        expect(analyzeQuery(sql.replaceAll('Secret', 'Hidden'), { dialect: reading })).toEqual(shape)
      }
    },
  )

  it.each([
    ['postgresql', 'set role bob'],
    ['postgresql', 'set session characteristics as transaction read only'],
    ['postgresql', 'set search_path to default'],
    ['mysql', 'set names utf8mb4'],
    ['microsoft.sql_server', 'set identity_insert t on'],
    ['microsoft.sql_server', 'set @a = isnull(@b, @c)'],
    ['mysql', 'set @a := @b + c'],
    ['sqlite', 'pragma table_info(t)'],
    ['postgresql', 'select identified, password from t order by a'],
    ['postgresql', 'update t set password = secret where key = b'],
    ['postgresql', 'create table t (password text, identified text)'],
    ['postgresql', 'create function f() returns int begin atomic update t set a = b; end'],
    ['microsoft.sql_server', 'create proc p as update t set a = b where c = d'],
  ])('leaves in %s the words of %s', (dialect, sql) => {
    expect(analyzeQuery(sql, { dialect }).text).toBe(sql)
  })
})
