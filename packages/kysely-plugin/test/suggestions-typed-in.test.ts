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

  it('with alternatives for composite keys', async () => {
    const [result, [pairs = '']] = await suggestionsFor(async () => {
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
    expect(pairs).toContain('eb.or(')
    const places = { repeated: `db.selectFrom('posts').selectAll().orderBy('id')` }
    expect(await run(pairs, places, { rows: result })).toEqual(result)
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

type Comment = { readonly id: number; readonly post_id: number; readonly body: string }

/** Loops that read: the statement for a post, and where its suggested list is typed in. */
const reads: readonly (readonly [
  name: string,
  repeated: string,
  read: (post: { readonly id: number; readonly title: string }) => Promise<readonly object[]>,
])[] = [
  [
    'a list',
    `db.selectFrom('comments').selectAll().orderBy('id')`,
    ({ id }) => db.selectFrom('comments').selectAll().where('post_id', '=', id).orderBy('id').execute(),
  ],
  [
    'a list beside a joined table with columns of the same name',
    `db.selectFrom('comments').innerJoin('posts', 'posts.id', 'comments.post_id').selectAll('comments').orderBy('comments.id')`,
    ({ id }) =>
      db
        .selectFrom('comments')
        .innerJoin('posts', 'posts.id', 'comments.post_id')
        .selectAll('comments')
        .where('comments.post_id', '=', id)
        .orderBy('comments.id')
        .execute(),
  ],
  [
    'a composite key',
    `db.selectFrom('posts').selectAll().orderBy('id')`,
    ({ id, title }) =>
      db.selectFrom('posts').selectAll().where('id', '=', id).where('title', '=', title).execute(),
  ],
  [
    'a text',
    `db.selectFrom('posts').selectAll().orderBy('id')`,
    ({ title }) => db.selectFrom('posts').selectAll().where('title', '=', title).execute(),
  ],
]

describe('suggested code for 0, 1 and 2 keys returns the rows of the loop', () => {
  it.each(reads)('for %s', async (_, repeated, read) => {
    const [, [list = '']] = await suggestionsFor(async () => {
      for (const post of await allPosts()) await read(post)
    })
    for (const rows of await firstPosts()) {
      const expected = []
      for (const post of rows) expected.push(...(await read(post)))
      const names = { rows, ids: rows.map(({ id }) => id), values: rows.map(({ title }) => title) }
      expect(await run(list, { repeated }, names)).toEqual(expected)
    }
  })

  it('for more keys than a statement may have parameters', async () => {
    const [, [list = '']] = await suggestionsFor(async () => {
      for (const { id } of await allPosts()) {
        await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
      }
    })
    const ids = Array.from({ length: 70_000 }, (_, index) => index)
    const repeated = `db.selectFrom('comments').selectAll().orderBy('id')`
    expect(await run(list, { repeated }, { ids })).toEqual(await allComments())
  })

  it.each([
    [
      'deletes',
      (id: number) => db.deleteFrom('comments').where('post_id', '=', id).execute(),
      [],
      allComments,
    ],
    [
      'deletes by two columns',
      (id: number) =>
        db
          .deleteFrom('posts')
          .where('id', '=', id)
          .where('title', '=', `post ${id - 1}`)
          .execute(),
      [],
      withoutKeys,
    ],
    [
      'updates with equal values',
      (id: number) => db.updateTable('posts').set({ editor_id: 7 }).where('id', '=', id).execute(),
      ['7'],
      withoutKeys,
    ],
    [
      'updates with different values',
      (id: number) =>
        db
          .updateTable('posts')
          .set({ title: `changed ${id}` })
          .where('id', '=', id)
          .execute(),
      [],
      withoutKeys,
    ],
  ] as const)('for %s', async (_, write, fill, read) => {
    const [, [code = '']] = await suggestionsFor(async () => {
      for (const { id } of await allPosts()) await write(id)
    })
    await fillBlog(db)
    for (const posts of await firstPosts()) {
      await fillBlog(db)
      for (const { id } of posts) await write(id)
      const expected = await read()
      await fillBlog(db)
      const changes = JSON.stringify(posts.map(({ id }) => ({ id, title: `changed ${id}` })))
      const recordset = sql<{ id: number; title: string }>`json_to_recordset(${changes})`.as<'rows'>(
        sql`rows(id int, title text)`,
      )
      const rows = code.includes('.from(rows)') ? recordset : posts
      await run(code, {}, { rows, ids: posts.map(({ id }) => id) }, fill)
      expect(await read()).toEqual(expected)
    }
  })
})

describe('suggested code returns the rows of the loop if a key finds 0, 1 or 2 rows', () => {
  const firstOf = (id: number) =>
    db.selectFrom('comments').select(['id', 'body']).where('post_id', '=', id).orderBy('id')
  const source = `db.selectFrom('posts').selectAll().orderBy('id')`

  it('with an array, although each key found one row in the loop', async () => {
    await leaveOneComment()
    const [, [, array = '']] = await suggestionsFor(async () => {
      for (const { id } of await allPosts()) await firstOf(id).execute()
    })
    await changeComments()
    const nested = await run<{ id: number; comments: Comment[] }>(array, { source })
    expect(nested.map(({ comments }) => byId(comments).map(({ body }) => body))).toEqual(
      await bodies((id) => firstOf(id).execute()),
    )
  })

  it('with an object for LIMIT 1', async () => {
    const [, [object = '']] = await suggestionsFor(async () => {
      for (const { id } of await allPosts()) await firstOf(id).limit(1).execute()
    })
    await changeComments()
    const nested = await run<{ id: number; comments: Comment | null }>(
      object.replaceAll(')….', `).select(['id', 'body']).orderBy('id').`),
      { source },
    )
    expect(nested.map(({ comments }) => (comments === null ? [] : [comments.body]))).toEqual(
      await bodies((id) => firstOf(id).limit(1).execute()),
    )
  })

  it('with a left join, although both tables have columns of the same name', async () => {
    const loop = async () => {
      const loaded = []
      const posts = await db
        .selectFrom('posts')
        .select(['id', 'author_id'])
        .where('id', '>', 0)
        .orderBy('id')
        .execute()
      for (const { id, author_id: authorId } of posts) {
        const author = await db
          .selectFrom('authors')
          .select(['id', 'name'])
          .where('id', '=', authorId)
          .executeTakeFirst()
        loaded.push({ id, name: author?.name ?? null })
      }
      return loaded
    }
    const [, [, join = '']] = await suggestionsFor(loop)
    expect(findings[0]?.suggestion).toMatch(/, and write posts\. before its own columns$/)
    await db.updateTable('posts').set({ author_id: 99 }).where('id', '=', 1).execute()
    const qualified = `db.selectFrom('posts').select('posts.id').where('posts.id', '>', 0).orderBy('posts.id')`
    expect(await run(join, { source: qualified }, {}, [`['authors.name']`])).toEqual(await loop())
    const unqualified = `db.selectFrom('posts').select('id').where('id', '>', 0).orderBy('id')`
    await expect(run(join, { source: unqualified }, {}, [`['authors.name']`])).rejects.toMatchObject({
      code: '42702',
    })
  })

  async function leaveOneComment(): Promise<void> {
    const others = sql<boolean>`id in (select max(id) from comments group by post_id)`
    await db.deleteFrom('comments').where(others).execute()
  }

  /** The first post has no comment, the second one, and the others two. */
  async function changeComments(): Promise<void> {
    await fillBlog(db)
    await db.deleteFrom('comments').where('post_id', '=', 1).execute()
    await db.deleteFrom('comments').where('id', '=', 4).execute()
  }

  async function bodies(read: (id: number) => Promise<readonly { readonly body: string }[]>) {
    const loaded = []
    for (const { id } of await allPosts()) loaded.push((await read(id)).map(({ body }) => body))
    expect(loaded.map(({ length }) => length).slice(0, 2)).toEqual([0, 1])
    return loaded
  }
})

/** The first 0, 1 and 2 posts. */
async function firstPosts() {
  const posts = await allPosts()
  return [posts.slice(0, 0), posts.slice(0, 1), posts.slice(0, 2)]
}

/** Removes the keys, which are random. */
async function withoutKeys() {
  return await db
    .selectFrom('posts')
    .select(['id', 'author_id', 'editor_id', 'title'])
    .orderBy('id')
    .execute()
}
