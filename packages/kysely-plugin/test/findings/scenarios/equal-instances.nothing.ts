import type { Scenario } from '../scenario.ts'

/** Equal fields do not make equal values: the driver may read more than the fields. */
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
    for (let turn = 0; turn < 6; turn++) {
      await db
        .selectFrom('posts')
        .selectAll()
        .where('id', '=', new PostId(3) as never)
        .execute()
    }
  },
}
