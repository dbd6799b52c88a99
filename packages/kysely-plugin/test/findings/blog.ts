import { querylens, type QuerylensOptions } from '@querylens/kysely-plugin'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach } from 'vitest'

import { createPostgresDialect } from '../support/postgres-dialect.ts'
import { createTestDatabase } from '../support/test-database.ts'
import type { Blog } from './scenario.ts'

/** The tables of the scenarios in a separate database, during the tests of a file. */
export interface BlogDatabase {
  readonly db: Kysely<Blog>
  /** The statements that the driver has sent during the test. */
  readonly sent: string[]
}

/** Creates the database for the tests of a file and fills it before each of them. */
export function useBlog(options?: QuerylensOptions): BlogDatabase {
  let db: Kysely<Blog> | undefined
  let drop: () => Promise<void> = async () => {}
  const sent: string[] = []

  beforeAll(async () => {
    const database = await createTestDatabase()
    drop = database.drop
    const { connectionString } = database
    const { dialect } = createPostgresDialect({ connectionString }, (statement) => void sent.push(statement))
    db = new Kysely<Blog>(querylens({ dialect }, options))
    await createBlog(db)
  })
  beforeEach(async () => {
    await fillBlog(db!)
    sent.length = 0
  })
  afterAll(async () => {
    await db?.destroy()
    await drop()
  })
  return {
    sent,
    get db() {
      return db!
    },
  }
}

/** Creates the tables of the scenarios. */
export async function createBlog(database: Kysely<Blog>): Promise<void> {
  for (const statement of [
    'create table authors (id int generated always as identity primary key, name text not null)',
    `create table posts (id int generated always as identity primary key, author_id int not null, editor_id int,
     title text not null, key uuid not null default gen_random_uuid())`,
    `create table comments (id bigint generated always as identity primary key, post_id int not null,
     body text not null, likes int not null default 0)`,
    `create table documents (id uuid primary key default gen_random_uuid(), title text not null, related uuid[] not null)`,
  ]) {
    await sql.raw(statement).execute(database)
  }
}

/** Resets the rows of the tables. */
export async function fillBlog(database: Kysely<Blog>): Promise<void> {
  for (const statement of [
    'truncate authors, posts, comments, documents restart identity',
    `insert into authors (name) select 'author ' || i from generate_series(1, 3) i`,
    `insert into posts (author_id, editor_id, title) select 1 + i / 2, 3 - i / 2, 'post ' || i from generate_series(0, 5) i`,
    `insert into comments (post_id, body) select 1 + i / 2, 'comment ' || i from generate_series(0, 11) i`,
    `insert into documents (title, related) select 'document ' || i, array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()]
     from generate_series(1, 4) i`,
  ]) {
    await sql.raw(statement).execute(database)
  }
}
