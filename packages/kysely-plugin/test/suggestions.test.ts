import { readdirSync } from 'node:fs'

import { channels, runInScope, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import {
  DummyDriver,
  Kysely,
  MssqlAdapter,
  MssqlQueryCompiler,
  MysqlAdapter,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
  type Compilable,
} from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { suggestionFor } from '../../core/test/findings/support/repeats.ts'
import { checkCodeBlocks } from '../../../tools/house/src/check-code-blocks.ts'
import type { CodeBlock } from '../../../tools/house/src/code-blocks.ts'
import { createBlog, fillBlog } from './findings/blog.ts'
import type { Blog, Scenario } from './findings/scenario.ts'
import { createPostgresDialect } from './support/postgres-dialect.ts'
import { blockOf, codeIn, typeIn } from './support/suggested-code.ts'
import { createTestDatabase } from './support/test-database.ts'

/** The tables of the scenarios with additional columns. */
type Tables = { readonly [Table in keyof Blog]: Blog[Table] & { readonly tenant_id: number } }

const compilers = {
  postgresql: [PostgresAdapter, PostgresQueryCompiler, 'postgres'],
  mysql: [MysqlAdapter, MysqlQueryCompiler, 'mysql'],
  sqlite: [SqliteAdapter, SqliteQueryCompiler, 'sqlite'],
  'microsoft.sql_server': [MssqlAdapter, MssqlQueryCompiler, 'mssql'],
} as const
type System = keyof typeof compilers

/** A Kysely with the compiler of a system and without a database. */
function compileFor(system: System): Kysely<Tables> {
  const [Adapter, Compiler] = compilers[system]
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new Compiler(),
    },
  })
}

type Repeat = (db: Kysely<Tables>, one: never) => Compilable
type Source = readonly [query: (db: Kysely<Tables>) => Compilable, column: string]

/** Loops of applications: the statement with the changing value, and the source of the values. */
const loops: readonly (readonly [name: string, repeat: Repeat, source?: Source, returnsOne?: boolean])[] = [
  ['children', (db, id) => db.selectFrom('comments').selectAll().where('post_id', '=', id)],
  [
    'children of posts',
    (db, id) => db.selectFrom('comments').selectAll().where('post_id', '=', id),
    posts('id'),
  ],
  [
    'some columns',
    (db, id) => db.selectFrom('comments').select(['id', 'body']).where('post_id', '=', id),
    posts('id'),
  ],
  [
    'parents',
    (db, id) => db.selectFrom('authors').selectAll().where('id', '=', id),
    posts('author_id'),
    true,
  ],
  [
    'parents of a tenant',
    (db, id) => db.selectFrom('authors').select('name').where('id', '=', id).where('tenant_id', '=', 1),
    posts('author_id'),
    true,
  ],
  [
    'parents that are not deleted',
    (db, id) => db.selectFrom('authors').select('name').where('id', '=', id).where('name', 'is not', null),
    posts('author_id'),
    true,
  ],
  [
    'aliases',
    (db, id) => db.selectFrom('comments as c').selectAll('c').where('c.post_id', '=', id),
    [(db) => db.selectFrom('posts as p').select('p.id'), 'id'],
  ],
  [
    'a join',
    (db, id) =>
      db
        .selectFrom('comments')
        .innerJoin('posts', 'posts.id', 'comments.post_id')
        .selectAll('comments')
        .where('comments.post_id', '=', id),
  ],
  [
    'a count',
    (db, id) =>
      db
        .selectFrom('comments')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('post_id', '=', id),
    posts('id'),
  ],
  ['a list of one', (db, id) => db.selectFrom('comments').selectAll().where('post_id', 'in', [id])],
  [
    'the first of each',
    (db, id) => db.selectFrom('comments').selectAll().where('post_id', '=', id).limit(1),
    posts('id'),
    true,
  ],
  [
    'a composite key',
    (db, id) => db.selectFrom('posts').selectAll().where('author_id', '=', id).where('title', '=', id),
  ],
  [
    'a composite key with an alias',
    (db, id) =>
      db.selectFrom('posts as p').selectAll().where('p.author_id', '=', id).where('p.title', '=', id),
  ],
  [
    'a tree',
    (db, id) => db.selectFrom('posts').select('id').where('editor_id', '=', id),
    [(db) => db.selectFrom('posts').select('id'), 'id'],
  ],
  ['a pattern', (db, id) => db.selectFrom('posts').selectAll().where('title', 'like', id)],
  ['inserts', (db, body) => db.insertInto('comments').values({ post_id: 1, body, tenant_id: 1 })],
  ['deletes', (db, id) => db.deleteFrom('comments').where('post_id', '=', id), posts('id')],
  [
    'deletes of a tenant',
    (db, id) => db.deleteFrom('comments').where('post_id', '=', id).where('tenant_id', '=', 1),
  ],
  [
    'deletes by two columns',
    (db, id) => db.deleteFrom('comments').where('post_id', '=', id).where('body', '=', id),
  ],
  [
    'updates alike',
    (db, id) => db.updateTable('posts').set({ title: 'x' }).where('id', '=', id),
    posts('id'),
  ],
  [
    'updates of a tenant',
    (db, id) => db.updateTable('posts').set({ title: 'x' }).where('id', '=', id).where('tenant_id', '=', 1),
  ],
  [
    'updates by an expression',
    (db, id) =>
      db
        .updateTable('comments')
        .set((eb) => ({ likes: eb('likes', '+', 1) }))
        .where('id', '=', id),
  ],
  ['updates each', (db, id) => db.updateTable('posts').set({ title: id }).where('id', '=', id), posts('id')],
  [
    'updates each of a tenant',
    (db, id) =>
      db
        .updateTable('posts')
        .set({ title: id, editor_id: 1 })
        .where('id', '=', id)
        .where('tenant_id', '=', 1),
  ],
  [
    'updates each by two columns',
    (db, id) => db.updateTable('posts').set({ title: id }).where('author_id', '=', id).where('key', '=', id),
  ],
  ['updates of everything', (db, title) => db.updateTable('posts').set({ title })],
]

function posts(column: string): Source {
  return [(db) => db.selectFrom('posts').selectAll(), column]
}

describe('suggestions for typical loops', () => {
  it('compile for every loop and system', async () => {
    const blocks: CodeBlock[] = []
    for (const system of Object.keys(compilers) as System[]) {
      const db = compileFor(system)
      for (const [name, repeat, source, returnsOne = false] of loops) {
        const { sql, parameters } = repeat(db, 'one' as never).compile()
        const others = repeat(db, 'other' as never).compile().parameters
        const varying = parameters.flatMap((value, index) => (value === others[index] ? [] : [index]))
        const suggestion = suggestionFor({
          system,
          sql,
          varying,
          returnsOne,
          ...(source && {
            source: [source[0](db).compile().sql, source[1]],
            sourceParameter: varying.at(-1)!,
          }),
        })
        blocks.push(...blocksOf(suggestion, tableIn(sql), `${system}: ${name}`, compilers[system][2]))
      }
    }
    expect(blocks.length).toBeGreaterThan(100)
    expect(await checkCodeBlocks(blocks)).toEqual([])
  })

  it('do not compile with an unknown column', async () => {
    const block = blockOf("db.selectFrom('posts').selectAll().where('post_id', 'in', ids)", 'wrong')
    expect(await checkCodeBlocks([block])).toEqual([expect.stringMatching(/^wrong:1: error TS/)])
  })
})

/** The suggested code as blocks to compile. */
function blocksOf(suggestion: string, table: string, name: string, helper?: string): readonly CodeBlock[] {
  const alias = / as (\w+)/.exec(table)?.[1] ?? table
  const [, outer = 'posts'] =
    /(?:whereRef\('[\w.]+', '='|leftJoin\('[^']+', '[\w.]+'), '(\w+)\./.exec(suggestion) ?? []
  const places = {
    repeated: `db.selectFrom('${table}').selectAll('${alias}')`,
    source: `db.selectFrom('${outer === 'p' ? 'posts as p' : outer}').select('${outer}.id')`,
  }
  return codeIn(suggestion).map((code) => blockOf(typeIn(code, places), name, helper))
}

/** The table of a statement of Kysely, with its alias. */
function tableIn(sql: string): string {
  const [, table = 'posts', alias] = /from ["`](\w+)["`](?: as ["`](\w+)["`])?/.exec(sql) ?? []
  return alias === undefined ? table : `${table} as ${alias}`
}

const folder = new URL('findings/scenarios/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.includes('n-plus-one'))

describe('suggestions of the scenarios', () => {
  let db: Kysely<Blog>
  let drop: () => Promise<void>

  beforeAll(async () => {
    const database = await createTestDatabase()
    drop = database.drop
    const { dialect } = createPostgresDialect({ connectionString: database.connectionString })
    db = new Kysely<Blog>(querylens({ dialect }))
    await createBlog(db)
  })
  afterAll(async () => {
    await db.destroy()
    await drop()
  })

  it('compile', async () => {
    const blocks: CodeBlock[] = []
    const listen = (message: unknown): void => {
      const { closed, suggestion, execution } = message as Finding
      const [table = 'posts'] = execution?.shape.tables ?? []
      if (closed) blocks.push(...blocksOf(suggestion, table, suggestion))
    }
    channels.finding.subscribe(listen)
    for (const file of files) {
      const { scenario } = (await import(new URL(file, folder).href)) as { readonly scenario: Scenario }
      await fillBlog(db)
      await runInScope('scenario', () => scenario.run(db), { detect: scenario.options ?? true })
    }
    channels.finding.unsubscribe(listen)
    expect(blocks.length).toBeGreaterThan(files.length)
    expect(await checkCodeBlocks(blocks)).toEqual([])
  })
})
