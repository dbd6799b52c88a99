import { describe, expect, it } from 'vitest'

import { inScope, listen, query, startQuery } from '../../support/driving.js'

const { opened, closed } = listen()
const READ = 'select * from comments where post_id = $1'
const figures = () =>
  closed.map(({ kind, evidence, count, distinctCount }) => [kind, evidence, count, distinctCount])

describe('RepeatedStatement', () => {
  it('opens a finding at the limit and counts all executions of the call site', async () => {
    await inScope({}, async (session) => {
      for (let id = 1; id <= 7; id++) {
        await query(session, READ, [id])
        expect(opened).toHaveLength(id < 5 ? 0 : 1)
      }
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 7, 7]])
    expect(closed[0]!.avoidableCount).toBe(6)
  })

  it('opens no finding for two call sites below the limit', async () => {
    await inScope({}, async (session) => {
      for (let id = 1; id <= 3; id++) await query(session, READ, [id])
      for (let id = 4; id <= 6; id++) await query(session, READ, [id])
    })
    expect(figures()).toEqual([])
  })

  it('opens a finding for each of two call sites while it captures every fourth stack', async () => {
    const helper = async (session: Parameters<typeof query>[0], id: number): Promise<void> => {
      await query(session, READ, [id])
    }
    await inScope({}, async (session) => {
      for (let id = 0; id < 104; id++) await helper(session, 1_000 + id)
      for (let id = 0; id < 20; id++) await helper(session, 5_000 + id)
    })
    const counts = closed.map(({ count }) => count)
    expect(counts).toHaveLength(2)
    expect(counts[0]! + counts[1]!).toBe(124)
    // At most three executions go to the wrong call site before the next stack is captured.
    expect(counts[0]).toBeGreaterThanOrEqual(104)
    expect(counts[0]).toBeLessThanOrEqual(107)
  })

  it('attributes alternating executions to their call sites', async () => {
    await inScope({}, async (session) => {
      for (let id = 0; id < 60; id++) {
        await query(session, READ, [id])
        await query(session, READ, [1_000 + id])
      }
    })
    expect(closed.map(({ count }) => count)).toEqual([60, 60])
  })

  it('counts a duplicate that becomes part of a loop as explained once', async () => {
    const kindsWith = async (others: number): Promise<readonly string[]> => {
      closed.length = 0
      await inScope({ chattyScope: { atLeast: 10 } }, async (session) => {
        for (const id of [1, 1, 1, 1, 2, 3, 4, 5]) await query(session, READ, [id])
        for (let index = 0; index < others; index++)
          await query(session, `select ${'a, '.repeat(index)} b from t`)
      })
      return closed.map(({ kind }) => kind)
    }
    expect(await kindsWith(9)).toEqual(['duplicate_query', 'n_plus_one'])
    expect(await kindsWith(10)).toEqual(['duplicate_query', 'n_plus_one', 'chatty_scope'])
  })

  it('takes no rows as a source of executions that began before them', async () => {
    await inScope({}, async (session) => {
      const finish = startQuery(session, 'select id from posts')
      const ids = [1, 2, 3, 4]
      for (const id of ids) {
        if (id === 3) await finish(ids.map((one) => ({ id: one })))
        await query(session, READ, [id])
        expect(opened).toHaveLength(id < 4 ? 0 : 1)
      }
    })
    expect(figures()).toEqual([['n_plus_one', 'proven', 4, 4]])
  })

  it('opens a finding for a loop whose first executions look like pages', async () => {
    await inScope({}, async (session) => {
      for (const [owner, id] of [
        [1, 1],
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 5],
      ]) {
        await query(session, 'select 1 from t where owner = $1 and id > $2 limit 10', [owner, id])
      }
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 5, 5]])
  })

  it('suggests code without values for values in the text', async () => {
    await inScope({}, async (session) => {
      for (const id of [4711, 4712, 4713, 4714, 4715]) {
        await query(session, `update posts set title = 'secret' where id = ${id} and kind = 'hidden'`)
      }
    })
    const { suggestion = '' } = closed[0]!
    expect(suggestion).toContain(".updateTable('posts').set({ title: … }).where('id', ")
    expect(suggestion).not.toMatch(/secret|hidden|47/)
  })

  it('counts each set of parameters once', async () => {
    await inScope({ duplicateQuery: false }, async (session) => {
      for (let turn = 0; turn < 20; turn++) await query(session, READ, [turn % 5])
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 20, 5]])
  })

  it('opens no finding for few sets of parameters, however often they repeat', async () => {
    await inScope({ duplicateQuery: false }, async (session) => {
      for (let turn = 0; turn < 40; turn++) await query(session, READ, [turn % 4])
    })
    expect(figures()).toEqual([])
  })

  it('ignores statements with more than 200 parameters', async () => {
    const lists = Array.from({ length: 10 }, (_, page) => Array.from({ length: 201 }, (_id, id) => page + id))
    await inScope({}, async (session) => {
      for (const list of lists) {
        await query(session, 'select * from posts where a = $1', list)
      }
    })
    expect(figures()).toEqual([])
  })

  it('counts at most 2,000 sets of parameters', async () => {
    await inScope({}, async (session) => {
      for (let id = 0; id < 2_500; id++) await query(session, READ, [id])
    })
    expect(closed).toMatchObject([{ count: 2_500, distinctCount: 2_000 }])
  })

  it('opens no duplicate_query for executions of a loop', async () => {
    await inScope({}, async (session) => {
      for (const id of [1, 2, 3, 4, 5, 1, 2, 3, 1, 1]) await query(session, READ, [id])
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 10, 5]])
  })

  it.each<[string, readonly number[], string]>([
    ['rows that partly repeat', [7, 7, 8, 8, 9], 'n_plus_one'],
    ['equal rows', [7, 7, 7], 'duplicate_query'],
  ])('opens one finding for a loop over %s', async (_, ids, kind) => {
    await inScope({}, async (session) => {
      const rows = ids.map((author_id) => ({ author_id }))
      await query(session, 'select * from posts', [], rows)
      for (const { author_id: id } of rows) await query(session, 'select * from authors where id = $1', [id])
    })
    expect(closed.map((finding) => finding.kind)).toEqual([kind])
  })
})
