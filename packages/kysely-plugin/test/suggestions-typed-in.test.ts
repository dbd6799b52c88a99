import { channels, runInScope, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql } from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createBlog, fillBlog } from './findings/blog.ts'
import type { Blog } from './findings/scenario.ts'
import { createPostgresDialect } from './support/postgres-dialect.ts'
import { codeIn, typeIn, type CodePlaces } from './support/suggested-code.ts'
import { createTestDatabase } from './support/test-database.ts'

let db: Kysely<Blog>
let drop: () => Promise<void>
const findings: Finding[] = []
const listen = (message: unknown): void => {
  if ((message as Finding).closed) findings.push(message as Finding)
}

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
beforeEach(async () => {
  await fillBlog(db)
  findings.length = 0
  channels.finding.subscribe(listen)
})
afterEach(() => void channels.finding.unsubscribe(listen))

/** The variables in the application's scope. */
type Names = Readonly<Record<string, unknown>>

/** Runs a loop and returns its result and the suggested code. */
async function suggestionsFor<Result>(
  loop: () => Promise<Result>,
): Promise<readonly [Result, readonly string[]]> {
  const result = await runInScope('loop', loop)
  expect(findings).toHaveLength(1)
  return [result, codeIn(findings[0]!.suggestion)]
}

/** Runs suggested code in a new scope and expects no finding. */
async function run<Row>(
  code: string,
  places: Partial<CodePlaces>,
  names: Names = {},
  fill?: readonly string[],
): Promise<Row[]> {
  findings.length = 0
  const text = typeIn(code, { repeated: '', source: '', ...places }, fill)
  const all = { db, jsonArrayFrom, jsonObjectFrom, ...names }
  const query = new Function(...Object.keys(all), `return ${text}`)(...Object.values(all)) as {
    execute(): Promise<Row[]>
  }
  const rows = await runInScope('typed in', () => query.execute())
  expect(findings).toEqual([])
  return rows
}

const allPosts = () => db.selectFrom('posts').selectAll().orderBy('id').execute()
const allComments = () => db.selectFrom('comments').selectAll().orderBy('id').execute()
const byId = <Row extends { readonly id: unknown }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => Number(a.id) - Number(b.id))

describe('suggested code returns the rows of the loop', () => {
  it('with a list and with a JSON array for children', async () => {
    const loop = async () => {
      const loaded = []
      for (const post of await allPosts()) {
        loaded.push({
          id: post.id,
          comments: await db
            .selectFrom('comments')
            .select(['id', 'body'])
            .where('post_id', '=', post.id)
            .orderBy('id')
            .execute(),
        })
      }
      return loaded
    }
    const [result, [list = '', array = '']] = await suggestionsFor(loop)
    const ids = result.map(({ id }) => id)
    const listed = await run<{ id: string; body: string; post_id: number }>(
      list,
      { repeated: `db.selectFrom('comments').select(['id', 'body']).orderBy('id')` },
      { ids },
    )
    expect(result).toEqual(
      ids.map((id) => ({
        id,
        comments: listed
          .filter((row) => row.post_id === id)
          .map(({ id: comment, body }) => ({ id: comment, body })),
      })),
    )
    const nested = await run<{ id: number; comments: { id: number; body: string }[] }>(array, {
      source: `db.selectFrom('posts').select('id').orderBy('id')`,
    })
    // pg returns a bigint as text, and JSON holds a number.
    expect(nested.map(({ id, comments }) => ({ id, comments: byId(comments) }))).toEqual(
      result.map(({ id, comments }) => ({
        id,
        comments: comments.map((row) => ({ ...row, id: Number(row.id) })),
      })),
    )
  })

  it('with a left join for parents, without losing rows', async () => {
    await db.updateTable('posts').set({ author_id: 99 }).where('id', '=', 1).execute()
    const [result, [, join = '']] = await suggestionsFor(async () => {
      const loaded = []
      const posts = await db.selectFrom('posts').select(['id', 'author_id']).orderBy('id').execute()
      for (const { id, author_id: authorId } of posts) {
        const author = await db
          .selectFrom('authors')
          .select(['id', 'name'])
          .where('id', '=', authorId)
          .executeTakeFirst()
        loaded.push({ id, name: author?.name ?? null })
      }
      return loaded
    })
    expect(join).toContain('.leftJoin(')
    const places = { source: `db.selectFrom('posts').select('posts.id').orderBy('posts.id')` }
    expect(await run(join, places, {}, [`['authors.name']`])).toEqual(result)
  })

  it('with a JSON object for one row with further conditions', async () => {
    const [result, [, object = '']] = await suggestionsFor(async () => {
      const loaded = []
      for (const { id, author_id: authorId } of await allPosts()) {
        const authors = await db
          .selectFrom('authors')
          .select(['id', 'name'])
          .where('id', '=', authorId)
          .where('name', '<>', 'author 1')
          .executeTakeFirst()
        loaded.push({ id, authors: authors ?? null })
      }
      return loaded
    })
    const places = { source: `db.selectFrom('posts').select('posts.id').orderBy('posts.id')` }
    expect(await run(object, places, {}, [`'author 1'`])).toEqual(result)
  })

  it('with groups for counts', async () => {
    const [result, [groups = '']] = await suggestionsFor(async () => {
      const counts = []
      for (const { id } of await allPosts()) {
        const { count } = await db
          .selectFrom('comments')
          .select((eb) => eb.fn.countAll().as('count'))
          .where('post_id', '=', id)
          .executeTakeFirstOrThrow()
        counts.push({ post_id: id, count })
      }
      return counts
    })
    const rows = await run<{ post_id: number }>(
      groups,
      { repeated: `db.selectFrom('comments').select((eb) => eb.fn.countAll().as('count'))` },
      { ids: result.map(({ post_id: id }) => id) },
    )
    expect(rows.toSorted((a, b) => a.post_id - b.post_id)).toEqual(result)
  })

  it('with tuples for composite keys', async () => {
    const [result, [tuples = '']] = await suggestionsFor(async () => {
      const loaded = []
      for (const { author_id: authorId, title } of await allPosts()) {
        loaded.push(
          ...(await db
            .selectFrom('posts')
            .selectAll()
            .where('author_id', '=', authorId)
            .where('title', '=', title)
            .execute()),
        )
      }
      return loaded
    })
    expect(tuples).toContain('eb.refTuple(')
    const places = { repeated: `db.selectFrom('posts').selectAll().orderBy('id')` }
    expect(await run(tuples, places, { rows: result })).toEqual(result)
  })

  it('with a recursive query for a tree', async () => {
    const parents = [null, 1, 1, 2, 2, 3]
    for (const [index, parent] of parents.entries()) {
      await db
        .updateTable('posts')
        .set({ editor_id: parent })
        .where('id', '=', index + 1)
        .execute()
    }
    const visit = async (id: number): Promise<{ id: number }[]> => {
      const children = await db
        .selectFrom('posts')
        .selectAll()
        .where('editor_id', '=', id)
        .orderBy('id')
        .execute()
      const below = []
      for (const child of children) below.push(...(await visit(child.id)))
      return [...children, ...below]
    }
    const [result, code] = await suggestionsFor(() => visit(1))
    expect(code.at(-1)).toContain('.withRecursive(')
    expect(byId(await run<{ id: number }>(code.at(-1)!, {}, {}, ['1']))).toEqual(byId(result))
  })

  it('with one statement for inserts', async () => {
    const bodies = ['a', 'b', 'c', 'd', 'e', 'f']
    const [loop, [insert = '']] = await suggestionsFor(async () => {
      for (const body of bodies) await db.insertInto('comments').values({ post_id: 1, body }).execute()
      return await allComments()
    })
    await fillBlog(db)
    await run(insert, {}, { rows: bodies.map((body) => ({ post_id: 1, body })) }, ['rows'])
    expect(await allComments()).toEqual(loop)
  })

  it('with one statement that deletes the same rows', async () => {
    const [loop, [remove = '']] = await suggestionsFor(async () => {
      for (const { id } of (await allPosts()).slice(2)) {
        await db.deleteFrom('comments').where('post_id', '=', id).where('likes', '=', 0).execute()
      }
      return await allComments()
    })
    await fillBlog(db)
    await run(remove, {}, { ids: [3, 4, 5, 6] }, ['0'])
    expect(await allComments()).toEqual(loop)
    expect(loop).toHaveLength(4)
  })

  it('with one statement for updates with equal values', async () => {
    const [loop, [update = '']] = await suggestionsFor(async () => {
      for (const { id } of (await allPosts()).slice(2)) {
        await db
          .updateTable('posts')
          .set({ editor_id: 7 })
          .where('id', '=', id)
          .where('author_id', '=', 2)
          .execute()
      }
      return await withoutKeys()
    })
    await fillBlog(db)
    await run(update, {}, { ids: [3, 4, 5, 6] }, ['7', '2'])
    expect(await withoutKeys()).toEqual(loop)
    expect(loop.filter((post) => post.editor_id === 7)).toHaveLength(2)
  })

  it('with one statement for updates with different values, without changing other rows', async () => {
    const [loop, [update = '']] = await suggestionsFor(async () => {
      for (const { id, title } of (await allPosts()).slice(1)) {
        await db
          .updateTable('posts')
          .set({ title: title.toUpperCase() })
          .where('id', '=', id)
          .where('author_id', '=', 2)
          .execute()
      }
      return await withoutKeys()
    })
    await fillBlog(db)
    const values = JSON.stringify(
      (await allPosts()).slice(1).map(({ id, title }) => ({ id, title: title.toUpperCase() })),
    )
    const rows = sql<{ id: number; title: string }>`json_to_recordset(${values})`.as<'rows'>(
      sql`rows(id int, title text)`,
    )
    await run(update, {}, { rows }, ['2'])
    expect(await withoutKeys()).toEqual(loop)
    expect(loop.filter(({ title }) => title.startsWith('POST'))).toHaveLength(2)
  })
})

/** Removes the keys, which are random. */
async function withoutKeys() {
  return await db
    .selectFrom('posts')
    .select(['id', 'author_id', 'editor_id', 'title'])
    .orderBy('id')
    .execute()
}
