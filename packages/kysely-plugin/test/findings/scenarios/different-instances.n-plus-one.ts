import type { Scenario } from '../scenario.ts'

class PostId {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  toPostgres(): string {
    return String(this.value)
  }
}

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 6; id++) {
      await db
        .selectFrom('posts')
        .selectAll()
        .where('id', '=', new PostId(id) as never)
        // here
        .execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'repeated', count: 6, distinctCount: 6 }],
}
