import { describe, expect, it } from 'vitest'

import { resolveDetectOptions } from '../../../src/findings/detect-options.js'
import { recordQuery } from '../../../src/record/record-query.js'
import { createSession } from '../../../src/record/session.js'
import { runInScope } from '../../../src/scope/run-in-scope.js'
import { inScope, listen, query, sessionWith, startQuery } from '../support/driving.js'
import { databaseOf } from '../support/executions.js'

const { opened, closed } = listen()
const READ = 'select * from posts where id = $1'
const WRITE = 'update posts set title = $1'
const figures = () =>
  closed.map(({ kind, count, distinctCount, avoidableCount }) => [kind, count, distinctCount, avoidableCount])

/** `r1` reads with the parameter 1; `w` writes to the table; `o` writes to another table. */
async function run(steps: string, options = {}): Promise<void> {
  await inScope({ nPlusOne: false, nPlusOneWrite: false, ...options }, async (session) => {
    for (const step of steps.split(' ')) {
      if (step === 'w') await query(session, WRITE, ['title'])
      else if (step === 'o') await query(session, 'update authors set name = $1', ['name'])
      else await query(session, READ, [step])
    }
  })
}

describe('duplicateQuery', () => {
  it.each<[string, ...number[]]>([
    ['r1 r1', 2, 1, 1],
    ['r1 r1 r1', 3, 1, 2],
    ['r1 o r1 r1', 2, 1, 1],
    ['r1 o r1 o r1 o r1 o r1 o r1', 5, 1, 4],
    ['o r1 o r1 o r1 o r1 o r1 o r1 r1 o r1', 7, 1, 6],
    ['w r1 r1', 2, 1, 1],
    ['r1 r1 w r1', 2, 1, 1],
    ['r1 w r1 r1', 2, 1, 1],
    ['r1 r1 w r1 r1', 4, 1, 2],
    ['r1 r1 w r1 r1 r1', 5, 1, 3],
    ['r1 r2 r1 r2', 4, 2, 2],
    ['r1 r2 r3 r1', 2, 1, 1],
    ['r1 r1 r1 r2', 3, 1, 2],
  ])('opens one finding for %s', async (steps, ...expected) => {
    await run(steps)
    expect(figures()).toEqual([['duplicate_query', ...expected]])
  })

  it.each([
    ['r1'],
    ['r1 r2'],
    ['r1 w r1'],
    ['r1 o r1'],
    ['r1 o r1 o r1 o r1 o r1'],
    ['r1 w r1 w r1'],
    ['w w'],
  ])('opens no finding for %s', async (steps) => {
    await run(steps)
    expect(figures()).toEqual([])
  })

  it('opens at its limit and counts the executions before', async () => {
    await run('r1 r1 r1', { duplicateQuery: { atLeast: 4 } })
    expect(figures()).toEqual([])
    await run('r1 r1 r1 r1', { duplicateQuery: { atLeast: 4 } })
    expect(figures()).toEqual([['duplicate_query', 4, 1, 3]])
  })

  it('counts the executions after it has opened', async () => {
    await inScope({}, async (session) => {
      for (let count = 0; count < 5; count++) {
        await query(session, READ, [1])
        expect(opened).toHaveLength(count === 0 ? 0 : 1)
      }
    })
    expect(figures()).toEqual([['duplicate_query', 5, 1, 4]])
  })

  it('ignores executions that failed or were cancelled', async () => {
    const session = sessionWith({})
    const failing = { sql: READ, parameters: [1] }
    const aborted = AbortSignal.abort()
    await runInScope('job', async () => {
      await recordQuery(session, failing, () => Promise.reject(new Error('no')), undefined).catch(() => {})
      await recordQuery(session, failing, async () => ({ rows: [] }), aborted)
      await query(session, READ, [1])
    })
    expect(figures()).toEqual([])
  })

  it.each([['update posts set title = title'], ['select archive_posts()']])(
    'opens no finding while %s runs, because each read may or may not see it',
    async (write) => {
      await inScope({}, async (session) => {
        await query(session, write)
        await query(session, READ, [1])
        const finish = startQuery(session, write)
        await query(session, READ, [1])
        await finish()
        await query(session, READ, [1])
      })
      expect(figures()).toEqual([])
    },
  )

  it.each(['other_sql', 'clickhouse'])(
    'ignores executions around a function that may write in %s, whose statements have no text',
    async (system) => {
      const detect = resolveDetectOptions('test()', {})
      const session = createSession({ database: databaseOf(system), detect })
      await runInScope('job', async () => {
        await query(session, READ, [1])
        await query(session, 'select archive_posts()')
        await query(session, READ, [1])
      })
      expect(figures()).toEqual([])
    },
  )

  it('finds executions in a system that is not known', async () => {
    const detect = resolveDetectOptions('test()', {})
    const session = createSession({ database: databaseOf('other_sql'), detect })
    await runInScope('job', async () => {
      for (const id of [1, 2]) await query(session, `select * from posts where name = '${id}'`)
      for (const id of [1, 1]) await query(session, `select * from posts where name = '${id}'`)
    })
    expect(figures()).toEqual([['duplicate_query', 3, 1, 2]])
  })

  it('ignores statements that write or may return another result', async () => {
    const statements = [
      'select random() from posts',
      'select * from posts where id = 1 for update',
      'insert into posts default values',
      'with gone as (delete from posts returning *) select * from gone',
    ]
    await inScope({}, async (session) => {
      for (const sql of statements) for (let count = 0; count < 3; count++) await query(session, sql)
    })
    expect(figures()).toEqual([])
  })

  it('compares literals in the text and ignores comments', async () => {
    await inScope({ nPlusOne: false }, async (session) => {
      for (const id of [1, 2, 3]) await query(session, `select * from posts where id = ${id}`)
      expect(opened).toEqual([])
      for (const id of [1, 2]) await query(session, `select * from posts where name = 'x' /* ${id} */`)
    })
    expect(figures()).toEqual([['duplicate_query', 2, 1, 1]])
  })

  it('ignores parameters that cannot be compared', async () => {
    const large = 'x'.repeat(70_000)
    await inScope({}, async (session) => {
      for (let count = 0; count < 3; count++) await query(session, READ, [large])
      for (let count = 0; count < 3; count++) await query(session, READ, [{ toJSON: () => 1 }])
    })
    expect(figures()).toEqual([])
  })

  it('counts concurrent executions and their overlap', async () => {
    await inScope({}, (session) => Promise.all([query(session, READ, [1]), query(session, READ, [1])]))
    expect(figures()).toEqual([['duplicate_query', 2, 1, 1]])
    expect(closed[0]!.overlappingMillis).toBeGreaterThan(0)
    expect(closed[0]!.overlappingMillis).toBeLessThan(closed[0]!.durationMillis)
  })

  it('names all call sites of the duplicates', async () => {
    await inScope({ callSites: 'always' }, async (session) => {
      const statement = { sql: READ, parameters: [1] }
      await recordQuery(session, statement, async () => ({ rows: [] }), undefined)
      await recordQuery(session, statement, async () => ({ rows: [] }), undefined)
    })
    const [first, second] = closed[0]!.callSites
    expect(closed[0]!.callSites).toHaveLength(2)
    expect(second!.line).toBe(first!.line + 1)
    expect(closed[0]!.callSite).toEqual(second)
  })
})
