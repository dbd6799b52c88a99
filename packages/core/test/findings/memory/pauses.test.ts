import { setImmediate } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { Pauses } from '../../../src/findings/memory/pauses.js'
import type { TrackedQuery } from '../../../src/findings/memory/tracked-query.js'

/** A statement that runs from one time to another, after a wait for its connection. */
function statement(at: number, startedAt: number, connectionWaitMillis?: number): TrackedQuery {
  return {
    at,
    startedAt,
    execution: { connectionWaitMillis },
    ranBeside: false,
    idleAtStart: 0,
    idleAtEnd: 0,
  } as unknown as TrackedQuery
}

/** Whether the scope has paused between two statements; the first one runs until 10. */
async function isPause(second: TrackedQuery, wait: () => Promise<unknown> = setImmediate): Promise<boolean> {
  const pauses = new Pauses()
  const first = statement(0, 0)
  pauses.queryStarts(first)
  pauses.queryEnds(first, 10)
  await wait()
  pauses.queryStarts(second)
  return pauses.isSince(first.at)
}

describe('Pauses', () => {
  it('has a pause after a wait of five milliseconds', async () => {
    expect(await isPause(statement(1, 15))).toBe(true)
    expect(await isPause(statement(1, 14))).toBe(false)
  })

  it('has none for the wait for a connection or for a command of a transaction', async () => {
    const pauses = new Pauses()
    const [first, second, third] = [statement(0, 0), statement(1, 100), statement(2, 200)]
    pauses.queryStarts(first)
    pauses.queryEnds(first, 10)
    pauses.operationStarts(10, 1)
    await setImmediate()
    pauses.operationEnds(98)
    pauses.queryStarts(second)
    expect(pauses.isSince(first.at)).toBe(false)
    pauses.queryEnds(second, 101)
    await setImmediate()
    pauses.operationStarts(110, 2)
    pauses.operationEnds(199)
    pauses.queryStarts(third)
    expect(pauses.isSince(second.at)).toBe(true)
  })

  it('has none without a turn of the event loop, however long the code takes', async () => {
    expect(await isPause(statement(1, 1_000), async () => {})).toBe(false)
  })

  it('may be between two statements of one call site, around others that do not overlap them', async () => {
    const pauses = new Pauses()
    const [first, other, second] = [statement(0, 0), statement(1, 13), statement(2, 20)]
    pauses.queryStarts(first)
    pauses.queryEnds(first, 10)
    await setImmediate()
    pauses.queryStarts(other)
    pauses.queryEnds(other, 17)
    await setImmediate()
    pauses.queryStarts(second)
    expect(pauses.isSince(first.at)).toBe(false)
    expect(pauses.mayBeBetween(first, second)).toBe(true)
  })

  it('is not between two statements around a slow one without a wait', async () => {
    const pauses = new Pauses()
    const [first, slow, second] = [statement(0, 0), statement(1, 11), statement(2, 101)]
    pauses.queryStarts(first)
    pauses.queryEnds(first, 10)
    pauses.queryStarts(slow)
    await setImmediate()
    pauses.queryEnds(slow, 100)
    pauses.queryStarts(second)
    expect(pauses.isSince(first.at)).toBe(false)
    expect(pauses.mayBeBetween(first, second)).toBe(false)
  })

  it('has none before the first statement', () => {
    const pauses = new Pauses()
    pauses.queryStarts(statement(0, 1_000))
    expect(pauses.isSince(-1)).toBe(false)
  })

  it('has none while another statement runs, but does not exclude that its caller waited', async () => {
    const pauses = new Pauses()
    const [first, other, second] = [statement(0, 0), statement(1, 1), statement(2, 90)]
    pauses.queryStarts(first)
    pauses.queryStarts(other)
    pauses.queryEnds(first, 10)
    await setImmediate()
    pauses.queryStarts(second)
    expect(pauses.isSince(first.at)).toBe(false)
    expect(pauses.mayBeBetween(first, second)).toBe(true)
    expect(pauses.mayBeBetween(first, statement(3, 14))).toBe(false)
    // It has not ended.
    expect(pauses.mayBeBetween(other, second)).toBe(false)
  })
})
