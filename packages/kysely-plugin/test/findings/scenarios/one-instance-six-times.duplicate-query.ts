import type { Scenario } from '../scenario.ts'

/** Such as a value object of a library. */
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
    const id = new PostId(3)
    for (let turn = 0; turn < 6; turn++) {
      await db
        .selectFrom('posts')
        .selectAll()
        .where('id', '=', id as never)
        // here
        .execute()
    }
  },
  findings: [{ kind: 'duplicate_query', evidence: 'proven', count: 6, distinctCount: 1 }],
}
