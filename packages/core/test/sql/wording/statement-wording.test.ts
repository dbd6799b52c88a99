import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { analyzeQuery, type AnalyzeOptions } from '../../../src/sql/shape/query-shape.js'
import { wordingOf } from '../../../src/sql/wording/statement-wording.js'
import { ownFiles, postgresFiles, scanTokens, statementsOf } from '../support/corpus.ts'
import { MARKER, withOtherLiterals, withPlantedLiteral } from '../support/literals.ts'
import { formsToMutate } from '../support/statement-forms.ts'

const RUNS = 500
const statements = statementsOf([...ownFiles, ...postgresFiles])
const anyStatement = fc.constantFrom(...statements)

/** A backslash in a literal does not end the text. */
const CLEAR: AnalyzeOptions = { dialect: 'postgresql', backslashEscapes: false }

const word = (sql: string, dialect = 'postgresql', options?: AnalyzeOptions): string =>
  wordingOf(analyzeQuery(sql, { dialect, ...options }), sql)

describe('wordingOf', () => {
  it.each([
    ['select * from "books" where "author_id" = $1', 'select books where author_id = ?'],
    [
      'select "b"."title" from "books" as "b" inner join "authors" as "a" on "a"."id" = "b"."author_id" where "a"."country" = $1 order by "b"."title" asc limit $2',
      'select books join authors on authors.id = books.author_id where authors.country = ? order by books.title limit ?',
    ],
    ['insert into "books" ("a", "b") values ($1, $2), ($3, $4) returning *', 'insert books'],
    [
      'insert into books (a) select id from authors a where a.x = 1',
      'insert books select authors where x = ?',
    ],
    [
      'insert into books (a) values (1) on conflict (id) do update set a = excluded.a where books.b > 3',
      'insert books on conflict (id) do update set a where b > ?',
    ],
    [
      'update "books" set "title" = $1, "author_id" = $2 where "id" = $3',
      'update books set author_id, title where id = ?',
    ],
    ['delete from "books" where "id" in ($1, $2, $3)', 'delete books where id in (?)'],
    [
      'delete from books using authors a where a.id = author_id',
      'delete books using authors where authors.id = author_id',
    ],
    [
      "with recent as (select * from lib.books b where b.created > now() - interval '1 day') select r.id from recent r limit 5",
      'with recent as (select lib.books where created > now() - ?) select recent limit ?',
    ],
    ['select a from x union all select b from y order by 1', 'select x union all select y order by ?'],
    [
      'select a.id from nodes a join nodes b on a.id = b.parent',
      'select nodes join nodes as nodes_2 on nodes.id = nodes_2.parent',
    ],
    [
      'select count(*) as n, a from t group by a order by n desc',
      'select t group by a order by count(*) desc',
    ],
    [
      'select a + b as n from t order by n collate nocase asc, n nulls last',
      'select t order by a + b collate nocase, a + b nulls last',
    ],
    ['select a or b as n from t order by n desc', 'select t order by a or b desc'],
    [
      'select * from (select * from t where a = 1) as s where s.n > 3',
      'select from (select t where a = ?) where n > ?',
    ],
    [
      'select * from a, lateral (select * from b where b.x = a.x) c',
      'select a, lateral (select b where x = a.x)',
    ],
    ['select pg_advisory_xact_lock($1) as locked', 'select pg_advisory_xact_lock(?)'],
    [
      'select * from "Old Books" where "order" = 1 for update skip locked',
      'select "Old Books" where "order" = ? for update skip locked',
    ],
    ["select * from t where a at time zone 'utc' > $1", 'select t where a at time zone ? > ?'],
  ])('says %s as %s', (sql, wording) => {
    expect(word(sql)).toBe(wording)
  })

  it.each([
    [
      'microsoft.sql_server',
      'select top(3) [b].[id] from [dbo].[Books] as [b] where [b].[T] = @1',
      'select top (?) dbo.books where t = ?',
    ],
    [
      'microsoft.sql_server',
      'update b set x = @1 from books b where b.n = @2',
      'update books set x from books where n = ?',
    ],
    [
      'mysql',
      'delete b from Books b join a on a.id = b.a limit 5',
      'delete books from books join a on a.id = books.a limit ?',
    ],
    [
      'mysql',
      'insert ignore into t (a) values (?) on duplicate key update a = values(a)',
      'insert ignore t on duplicate key set a',
    ],
    ['mysql', 'replace into `t` (a) values (?)', 'replace t'],
    ['sqlite', 'insert or ignore into "t" ("a") values (?)', 'insert or ignore t'],
  ])('says for %s %s as %s', (dialect, sql, wording) => {
    expect(word(sql, dialect)).toBe(wording)
  })

  it('shows the subqueries of a list of columns', () => {
    const books =
      "(select coalesce(json_agg(g), '[]') from (select title from books b where b.author_id = a.id) as g) as books"
    expect(word(`select id, ${books} from authors a`)).toBe(
      'select (select books where author_id = authors.id) from authors',
    )
  })

  it('refers to a subquery that it has shown', () => {
    const likes = (name: string): string =>
      `select coalesce((select count(*) from likes l where l.post = p.id), 0) as ${name} from posts p order by ${name} desc, p.id`
    const wording =
      'select (select likes where post = posts.id) from posts order by coalesce((subquery), ?) desc, id'
    expect([word(likes('n')), word(likes('likes'))]).toEqual([wording, wording])
    const two = (name: string): string =>
      `select (select 1 from b) as n, (select 1 from c) as m from a order by ${name}`
    expect([word(two('n')), word(two('m'))]).toEqual([
      'select (select b), (select c) from a order by (subquery 1)',
      'select (select b), (select c) from a order by (subquery 2)',
    ])
  })

  it.each<[string, (length: number) => string]>([
    [
      'nested subqueries that are ordered by',
      (length) =>
        Array.from({ length }).reduce<string>(
          (sql) => `select (${sql}) as n from t order by n, n`,
          'select 1',
        ),
    ],
    [
      'an expression that is ordered by often',
      (length) => {
        const sum = Array.from({ length: length * 20 }, (_, index) => `c${index}`).join(' + ')
        return `select ${sum} as n from t order by ${Array.from({ length: length * 20 }, () => 'n').join(', ')}`
      },
    ],
  ])('grows in proportion to %s', (_, sqlOf) => {
    const [short, long] = [sqlOf(8), sqlOf(32)].map((sql) => word(sql).length)
    expect(long).toBeLessThan(short! * 5)
  })

  it('stays the same with other columns, aliases, values and quotes', () => {
    const one =
      'select "a"."id" from "authors" as "a" where "a"."id" in ($1) and exists (select 1 from books b where b.author_id = a.id)'
    const other =
      'SELECT DISTINCT_ID, name AS n FROM Authors w WHERE w.ID IN (1, 2) AND EXISTS (SELECT * FROM books WHERE books.author_id = w.id)'
    expect(word(other)).toBe(word(one))
  })

  it.each([
    'select * from books b join authors a on a.id = b.author_id where b.x = 1 order by a.name limit 1',
    'select * from books b left join authors a on a.id = b.author_id where b.x = 1 order by a.name limit 1',
    'select * from books b join writers a on a.id = b.author_id where b.x = 1 order by a.name limit 1',
    'select * from books b join authors a on a.id = b.editor_id where b.x = 1 order by a.name limit 1',
    'select * from books b join authors a on a.id = b.author_id where b.y = 1 order by a.name limit 1',
    'select * from books b join authors a on a.id = b.author_id where a.x = 1 order by a.name limit 1',
    'select * from books b join authors a on a.id = b.author_id where b.x > 1 order by a.name limit 1',
    'select * from books b join authors a on a.id = b.author_id where b.x = 1 order by a.name desc limit 1',
    'select * from books b join authors a on a.id = b.author_id where b.x = 1 order by a.name',
    'select * from books b join authors a on a.id = b.author_id where b.x = 1 limit 1',
    'select * from books b join authors a on a.id = b.author_id where b.x = 1 or b.y = 2 order by a.name limit 1',
  ])('differs from that of all other statements: %s', (sql) => {
    said.push(word(sql))
    expect(new Set(said).size).toBe(said.length)
  })

  it('is the summary and the fingerprint of what it cannot say', () => {
    expect(word('merge into t using s on t.id = s.id when matched then delete')).toMatch(
      /^merge t s q1:[0-9a-f]{16}$/,
    )
    expect(word("select * from a where b = 'it's'")).toMatch(/^select a q1:[0-9a-f]{16}$/)
    expect(word('CREATE TABLE x (id int)')).toMatch(/^create table x q1:[0-9a-f]{16}$/)
    expect(word('set local search_path to a, secret')).toMatch(/^set q1:[0-9a-f]{16}$/)
    expect(word('select * from a', 'oracle')).toMatch(/^select a q1:[0-9a-f]{16}$/)
  })

  it('is that of a short statement for one with many rows', () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `($${2 * index + 1}, $${2 * index + 2})`)
    expect(word(`insert into books (a, b) values ${rows.join(', ')}`)).toBe('insert books')
  })

  it('merges names as the fingerprint does', () => {
    expect(word('select o.id from tenant_7.orders o', 'postgresql', { mergeNames: true })).toBe(
      'select tenant_?.orders',
    )
  })

  it('is equal for the statements that docs/FINGERPRINTS.md calls equal', () => {
    const page = readFileSync(new URL('../../../../../docs/FINGERPRINTS.md', import.meta.url), 'utf8')
    const blocks = [...page.matchAll(/^```sql equal( mergeNames)?\n([\s\S]*?)^```$/gm)]
    expect(blocks.length).toBeGreaterThan(8)
    for (const [, mergeNames, body] of blocks) {
      const options = { mergeNames: mergeNames !== undefined }
      const wordings = body!.trim().split(/\n(?=select|insert|update|delete)/i)
      expect(new Set(wordings.map((sql) => word(sql, 'postgresql', options))), body).toHaveProperty('size', 1)
    }
  })

  it('stays the same with other literals', () => {
    const pairs = anyStatement.chain((sql) => withOtherLiterals(sql).map((other) => [sql, other] as const))
    fc.assert(
      fc.property(pairs, ([sql, other]) => {
        const [one, two] = [sql, other].map((text) => analyzeQuery(text, CLEAR))
        if (one!.fingerprint === two!.fingerprint) expect(wordingOf(two!, other)).toBe(wordingOf(one!, sql))
      }),
      { numRuns: RUNS },
    )
  })

  it('stays the same with other white space and letter case', () => {
    const pairs = anyStatement.map((sql) => {
      const words = scanTokens(sql)
        .filter(({ name }) => !name.endsWith('COMMENT'))
        .map(({ start, end }) => sql.slice(start, end))
      const shouted = words.map((text) => (/^[a-z_][\w$]*$/i.test(text) ? text.toUpperCase() : text))
      return [sql, shouted.join('\n ')] as const
    })
    fc.assert(
      fc.property(pairs, ([sql, noisy]) => {
        expect(word(noisy)).toBe(word(sql))
      }),
      { numRuns: RUNS },
    )
  })

  it.each(['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other_sql'])(
    'reads anything in %s',
    (dialect) => {
      for (const sql of [...statements, ...formsToMutate]) {
        const wording = word(sql, dialect)
        expect(wording).not.toContain('\n')
        expect(word(sql, dialect)).toBe(wording)
      }
    },
  )

  it('shows no planted literal', () => {
    fc.assert(
      fc.property(anyStatement.chain(withPlantedLiteral), (sql) => {
        for (const dialect of ['postgresql', 'other_sql']) expect(word(sql, dialect)).not.toContain(MARKER)
      }),
      { numRuns: RUNS },
    )
  })
})

const said: string[] = []
