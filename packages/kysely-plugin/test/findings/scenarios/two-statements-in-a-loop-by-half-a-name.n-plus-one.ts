import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const authors = await db.selectFrom('authors').select('id').orderBy('id').execute()
    for (const { id } of authors) {
      // here: editor
      await db.selectFrom('posts').select('title').where('editor_id', '=', id).execute()
      // here: key
      await db.selectFrom('posts').select('key').where('editor_id', '=', id).execute()
    }
  },
  findings: [
    { kind: 'n_plus_one', evidence: 'proven', count: 3, source: ['select authors', 'id'], here: 'editor' },
    { kind: 'n_plus_one', evidence: 'proven', count: 3, source: ['select authors', 'id'], here: 'key' },
  ],
}
