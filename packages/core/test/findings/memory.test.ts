import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, it } from 'vitest'

import type { Session } from '../../src/record/session.js'
import { recordBegin, recordCommand } from '../../src/record/transaction.js'
import { inScope, listen, query, sessionWith } from './support/driving.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const MIB = 1_000_000

/** A text that shares no memory with other texts. Node keeps longer texts outside the heap. */
const textOf = (index: number): string => Buffer.alloc(MIB, index % 256).toString('latin1')

async function heapMib(): Promise<number> {
  await setTimeout(1)
  collectGarbage()
  return process.memoryUsage().heapUsed / MIB
}

async function collected(reference: WeakRef<object>): Promise<boolean> {
  for (let attempt = 0; attempt < 20 && reference.deref() !== undefined; attempt++) await heapMib()
  return reference.deref() === undefined
}

describe('memory of a scope', () => {
  const published = listen()

  it.each<[string, (index: number) => readonly unknown[], (index: number) => readonly object[]]>([
    ['parameters', (index) => [textOf(index)], () => []],
    ['rows', () => [], (index) => [{ text: textOf(index) }, { text: textOf(index + 1) }]],
    ['lists of parameters', (index) => [[textOf(index)], { text: textOf(index) }], () => []],
  ])('is bounded for 300 statements with large %s', async (_, parametersOf, rowsOf) => {
    await inScope({}, async (session) => {
      const before = await heapMib()
      for (let index = 0; index < 300; index++) {
        await query(
          session,
          `select ${'a, '.repeat(index)} b from t where c = $1`,
          parametersOf(index),
          rowsOf(index),
        )
      }
      expect((await heapMib()) - before).toBeLessThan(40)
    })
  })

  it('is bounded for 300 statements with large literals', async () => {
    await inScope({}, async (session) => {
      const before = await heapMib()
      for (let index = 0; index < 300; index++) {
        const columns = 'a, '.repeat(index)
        const literals = `c = 'a key of some length' and d = '${Buffer.alloc(MIB, 'x').toString('latin1')}'`
        await query(session, `select ${columns} b from t where ${literals}`)
      }
      expect((await heapMib()) - before).toBeLessThan(40)
    })
  })

  it('holds rows while the scope is open and releases them when it ends', async () => {
    let row: WeakRef<object> | undefined
    await inScope({}, async (session) => {
      const rows = [{ id: 1 }, { id: 2 }]
      row = new WeakRef(rows[0]!)
      await query(session, 'select id from posts', [], rows)
      await heapMib()
      expect(row.deref()).toEqual({ id: 1 })
    })
    await expect(collected(row!)).resolves.toBe(true)
  })

  it('is not held by a finding that the application keeps', async () => {
    const { closed } = published
    let row: WeakRef<object> | undefined
    let parameter: WeakRef<object> | undefined
    await inScope({}, async (session) => {
      const rows = [{ id: new Date(1) }, { id: new Date(2) }]
      row = new WeakRef(rows[0]!)
      parameter = new WeakRef(rows[1]!.id)
      await query(session, 'select id from posts', [], rows)
      for (const { id } of rows) await query(session, 'select 1 from comments where post_id = $1', [id])
    })
    expect(closed).toHaveLength(1)
    await expect(Promise.all([collected(row!), collected(parameter!)])).resolves.toEqual([true, true])
    expect(closed).toHaveLength(1)
  })
})

describe('memory of transactions', () => {
  listen()

  async function begin(): Promise<Session> {
    const session = sessionWith()
    await recordBegin(session, {}, async () => {})
    return session
  }

  it('holds none that is over, though each begins inside the one before it', async () => {
    const transactions: WeakRef<object>[] = []
    let open: Session | undefined
    for (let count = 0; count < 20; count++) {
      const next = await begin()
      transactions.push(new WeakRef<object>(next.transaction!))
      if (open !== undefined) await recordCommand(open, 'commit', async () => {})
      open = next
    }
    await collected(transactions[0]!)
    expect(transactions.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(5)
    expect(open?.transaction?.outcome).toBe('active')
  })
})
