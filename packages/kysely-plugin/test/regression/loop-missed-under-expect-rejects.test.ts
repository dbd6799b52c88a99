import { runInScope } from '@querylens/core'
import type { Kysely } from 'kysely'
import { expect, it } from 'vitest'

import { useBlog } from '../findings/blog.ts'
import type { Blog } from '../findings/scenario.ts'

const blog = useBlog({ detect: { mode: 'throw' } })

async function readComments(db: Kysely<Blog>, ids: readonly number[]): Promise<void> {
  for (const id of ids) await db.selectFrom('comments').select('body').where('post_id', '=', id).execute()
}

async function readCommentsOfTwoPosts(db: Kysely<Blog>): Promise<void> {
  const posts = await db.selectFrom('posts').select('id').limit(2).execute()
  const ids = posts.map(({ id }) => id)
  await readComments(db, ids)
}

/** As in a test suite that rolls the work of each test back. */
it.each<[string, (db: Kysely<Blog>) => Promise<void>]>([
  ['two executions with a source', readCommentsOfTwoPosts],
  ['five executions', (db) => readComments(db, [1, 2, 3, 4, 5])],
])('mode throw rejects a loop of %s under expect().rejects in a transaction', async (_, loop) => {
  await blog.db.transaction().execute(async (transaction) => {
    await expect(runInScope('job', () => loop(transaction))).rejects.toMatchObject({
      code: 'QUERYLENS_FINDING',
    })
  })
})
