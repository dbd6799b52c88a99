import type { Kysely } from 'kysely'

import type { Blog } from './scenario.ts'

/** Opens one proven `n_plus_one` for six posts. */
export async function readCommentsOfPosts(db: Kysely<Blog>): Promise<void> {
  const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
  for (const { id } of posts) await readComments(db, id)
}

/** Opens one `duplicate_query`. */
export async function readAuthorTwice(db: Kysely<Blog>): Promise<void> {
  for (let count = 0; count < 2; count++) {
    await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
  }
}

/** Opens an `n_plus_one_write` at the fifth statement. */
export async function insertComments(db: Kysely<Blog>, count = 6): Promise<void> {
  for (let index = 0; index < count; index++) {
    await db
      .insertInto('comments')
      .values({ post_id: 100, body: `body ${index}` })
      .execute()
  }
}

/** Opens no finding. */
export async function readComments(db: Kysely<Blog>, postId: number): Promise<unknown> {
  return await db.selectFrom('comments').selectAll().where('post_id', '=', postId).execute()
}
