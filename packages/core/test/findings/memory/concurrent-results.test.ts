import { describe, expect, it } from 'vitest'

import type { DatabaseInfo } from '../../../src/messages/database-info.js'
import { addToBurst } from '../../../src/findings/memory/concurrent-results.js'
import { databaseOf } from '../support/executions.js'

/** Adds an execution of 200 ms that ends at `endedAt`. */
function add(database: DatabaseInfo, scope: number, endedAt: number, fingerprint: string = 'q') {
  return addToBurst(database, fingerprint, { key: 1, scope, startedAt: endedAt - 200, endedAt }, 3)
}

describe('addToBurst', () => {
  it('opens one burst for scopes that overlap, and counts each scope once', () => {
    const database = databaseOf()
    expect(add(database, 1, 1_000)).toBeUndefined()
    expect(add(database, 1, 1_010)).toBeUndefined()
    expect(add(database, 2, 1_020)).toBeUndefined()
    const found = add(database, 3, 1_030)
    expect(found?.isNew).toBe(true)
    expect(add(database, 4, 1_100)).toEqual({ burst: found?.burst, isNew: false })
    // Its scope is known, although its execution overlaps with the latest one only.
    add(database, 1, 1_250)
    expect([...found!.burst.scopes]).toEqual([1, 2, 3, 4])
    expect(found?.burst).toMatchObject({ totalMillis: 1_200, longestMillis: 200 })
  })

  it('opens a further burst each minute while the load lasts', () => {
    const database = databaseOf()
    let opened = 0
    for (let index = 0; index < 2_600; index++) {
      if (add(database, index, 1_000 + index * 50)?.isNew === true) opened++
    }
    expect(opened).toBe(3)
  })

  it('forgets the statement that was not used for longest', () => {
    const database = databaseOf()
    add(database, 1, 1_000, 'used')
    add(database, 1, 1_000, 'unused')
    for (let index = 0; index < 98; index++) add(database, 1, 1_000, `q${index}`)
    add(database, 2, 1_010, 'used')
    add(database, 1, 1_000, 'one more')
    add(database, 2, 1_010, 'unused')
    expect(add(database, 3, 1_020, 'used')?.isNew).toBe(true)
    expect(add(database, 3, 1_020, 'unused')).toBeUndefined()
  })
})
