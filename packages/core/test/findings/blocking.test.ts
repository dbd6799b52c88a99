import { describe, expect, it } from 'vitest'

import { prove } from '../../src/findings/kinds/n-plus-one/proof.js'
import { RowMemory } from '../../src/findings/memory/returned-rows.js'
import { estimateBytes } from '../../src/findings/memory/row-size.js'
import { sampleOf } from '../../src/findings/memory/parameter-sample.js'
import { inScope, listen, query } from './support/driving.js'
import { executionOf, sourceOf, traitsOfText } from './support/executions.js'

const published = listen()

describe('large values', () => {
  it('are released when they arrive', () => {
    const memory = new RowMemory()
    const source = sourceOf('select * from documents')
    const list = Array.from({ length: 100 }, (_, index) => 'x'.repeat(620) + index)
    const rows = Array.from({ length: 1_000 }, (_, id) => ({
      id,
      doc: { body: list },
      one: list,
      other: list,
    }))
    memory.add(source, rows)
    for (const cells of source.columns.values()) {
      expect(cells.length).toBeLessThanOrEqual(256)
      expect(cells.every((cell) => cell === undefined || typeof cell === 'number')).toBe(true)
    }
  })

  it('count towards the size of a result', () => {
    const doc = { body: 'x'.repeat(1_000_000) }
    expect(estimateBytes(Array.from({ length: 20 }, () => ({ doc })))).toBe(20_000_000)
  })
})

it('prove takes no equal keys of unrelated tables as proof, however long they are', () => {
  const memory = new RowMemory()
  memory.add(
    sourceOf('select id, name from users where team_id = 7'),
    Array.from({ length: 250 }, (_, index) => ({ id: 10_000 + index })),
  )
  const sql = 'select * from products where id = $1'
  const samples = [10_010, 10_200].map((id, at) => sampleOf([id], at + 1))
  const { shape } = executionOf(sql)
  const claim = { samples, traits: traitsOfText(sql), shape, hasRepeats: false, frames: [] }
  expect(prove(memory, claim)).toBeUndefined()
})

it('opens no finding for a loop of commands that read no table', async () => {
  await inScope({}, async (session) => {
    for (let id = 0; id < 8; id++) await query(session, "select pg_notify('jobs', $1)", [`job ${id}`])
  })
  expect(published.opened).toEqual([])
})
