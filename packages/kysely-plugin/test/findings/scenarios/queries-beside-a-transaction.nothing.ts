import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const post = (id: number) => db.selectFrom('posts').select('title').where('id', '=', id).execute()
    const update = (id: number) =>
      db.transaction().execute(async (trx) => {
        await trx.updateTable('posts').set({ title: 'changed' }).where('id', '=', id).execute()
      })
    await Promise.all([update(1), db.selectFrom('authors').selectAll().where('id', '=', 1).execute()])
    await post(1)
    const controlled = await db.startTransaction().execute()
    await controlled.selectFrom('comments').select('body').where('id', '=', 1).execute()
    await db.selectFrom('comments').select('likes').where('id', '=', 2).execute()
    await controlled.commit().execute()
    await db.connection().execute(async (connection) => {
      await connection.transaction().execute(async (trx) => {
        await trx.selectFrom('documents').select('title').where('title', '=', 'document 1').execute()
      })
      await connection.selectFrom('documents').select('id').where('title', '=', 'document 2').execute()
    })
    await db.selectFrom('authors').select('name').where('id', '=', 2).execute()
  },
}
