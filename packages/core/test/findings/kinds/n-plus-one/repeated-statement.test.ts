import { describe, expect, it } from 'vitest'

import { inScope, listen, query, startQuery } from '../../support/driving.js'

const { opened, closed } = listen()
const READ = 'select * from comments where post_id = $1'
const figures = () =>
  closed.map(({ kind, evidence, count, distinctCount }) => [kind, evidence, count, distinctCount])

describe('repeats of a statement', () => {
  it('of one place are a finding from the threshold on, and counted all', async () => {
    await inScope({}, async (session) => {
      for (let id = 1; id <= 7; id++) {
        await query(session, READ, [id])
        expect(opened).toHaveLength(id < 5 ? 0 : 1)
      }
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 7, 7]])
    expect(closed[0]!.avoidableCount).toBe(6)
  })

  it('are none where each of two places has fewer', async () => {
    await inScope({}, async (session) => {
      for (let id = 1; id <= 3; id++) await query(session, READ, [id])
      for (let id = 4; id <= 6; id++) await query(session, READ, [id])
    })
    expect(figures()).toEqual([])
  })

  it('are two findings of two places, also after so many that not each is asked where it comes from', async () => {
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
    // At most three go to the wrong one.
    expect(counts[0]).toBeGreaterThanOrEqual(104)
    expect(counts[0]).toBeLessThanOrEqual(107)
  })

  it('of two places in turn are each where it belongs', async () => {
    await inScope({}, async (session) => {
      for (let id = 0; id < 60; id++) {
        await query(session, READ, [id])
        await query(session, READ, [1_000 + id])
      }
    })
    expect(closed.map(({ count }) => count)).toEqual([60, 60])
  })

  it('that are duplicates at first are explained once', async () => {
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

  it('that began before the rows came did not get their parameters from them', async () => {
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

  it('that look like pages in the beginning may turn out to be none', async () => {
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

  it('count parameters once', async () => {
    await inScope({ duplicateQuery: false }, async (session) => {
      for (let turn = 0; turn < 20; turn++) await query(session, READ, [turn % 5])
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 20, 5]])
  })

  it('are none below the threshold, however often they come', async () => {
    await inScope({ duplicateQuery: false }, async (session) => {
      for (let turn = 0; turn < 40; turn++) await query(session, READ, [turn % 4])
    })
    expect(figures()).toEqual([])
  })

  it('with hundreds of parameters are read in bulk', async () => {
    const lists = Array.from({ length: 10 }, (_, page) => Array.from({ length: 201 }, (_id, id) => page + id))
    await inScope({}, async (session) => {
      for (const list of lists) {
        await query(session, 'select * from posts where a = $1', list)
      }
    })
    expect(figures()).toEqual([])
  })

  it('count at least so many parameters of very many', async () => {
    await inScope({}, async (session) => {
      for (let id = 0; id < 2_500; id++) await query(session, READ, [id])
    })
    expect(closed).toMatchObject([{ count: 2_500, distinctCount: 2_000 }])
  })

  it('that are a finding are not duplicates as well', async () => {
    await inScope({}, async (session) => {
      for (const id of [1, 2, 3, 4, 5, 1, 2, 3, 1, 1]) await query(session, READ, [id])
    })
    expect(figures()).toEqual([['n_plus_one', 'repeated', 10, 5]])
  })

  it.each<[string, readonly number[], string]>([
    ['rows that are alike', [7, 7, 8, 8, 9], 'n_plus_one'],
    ['rows that are all the same', [7, 7, 7], 'duplicate_query'],
  ])('over %s are one finding', async (_, ids, kind) => {
    await inScope({}, async (session) => {
      const rows = ids.map((author_id) => ({ author_id }))
      await query(session, 'select * from posts', [], rows)
      for (const { author_id: id } of rows) await query(session, 'select * from authors where id = $1', [id])
    })
    expect(closed.map((finding) => finding.kind)).toEqual([kind])
  })
})
