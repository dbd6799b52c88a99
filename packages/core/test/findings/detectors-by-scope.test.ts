import { afterEach, describe, expect, it } from 'vitest'

import {
  areFindingsDemanded,
  detectorOf,
  closeDetectors,
  setScopeOptions,
  optionsInScope,
} from '../../src/findings/detectors-by-scope.js'
import { resolveDetectOptions, type DetectOptions } from '../../src/findings/detect-options.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { openScope } from '../../src/scope/scope.js'
import type { Scope } from '../../src/messages/scope.js'
import { inScope, listen, query, sessionWith } from './support/driving.js'

const read = (options?: DetectOptions | boolean) => resolveDetectOptions('test()', options)
const scopeIn = (parent?: Scope): Scope => Object.assign(openScope('custom', 'job').scope, { parent })

describe('the options of scopes', () => {
  const open: Scope[] = []
  const opened = (options: Parameters<typeof setScopeOptions>[1], parent?: Scope): Scope => {
    const scope = scopeIn(parent)
    setScopeOptions(scope, options)
    open.push(scope)
    return scope
  }
  afterEach(() => {
    for (const scope of open.splice(0)) closeDetectors(scope, 1)
    expect(areFindingsDemanded()).toBe(false)
  })

  it('are their own, those of the scope around, or those of the database', () => {
    const ofDatabase = read(true)
    const own = read({ mode: 'warn' })!
    const none = opened(undefined)
    const outer = opened(own)
    expect(optionsInScope(none, ofDatabase)).toBe(ofDatabase)
    expect(optionsInScope(none, undefined)).toBeUndefined()
    expect(optionsInScope(outer, ofDatabase)).toBe(own)
    expect(optionsInScope(opened(undefined, opened(undefined, outer)), ofDatabase)).toBe(own)
    expect(optionsInScope(opened(false, outer), ofDatabase)).toBeUndefined()
    expect(optionsInScope(opened(undefined, opened(false)), ofDatabase)).toBeUndefined()
  })

  it('are demanded while a scope is open that demands a warning or an error', () => {
    read({ mode: 'throw' })
    expect(areFindingsDemanded()).toBe(false)
    const scopes = [opened(read({ mode: 'warn' })), opened(read({ mode: 'throw' }))]
    opened(read({ mode: 'report' }))
    expect(areFindingsDemanded()).toBe(true)
    closeDetectors(scopes[0]!, 1)
    expect(areFindingsDemanded()).toBe(true)
    closeDetectors(scopes[1]!, 1)
    expect(areFindingsDemanded()).toBe(false)
    open.length = 0
  })
})

describe('detectorOf', () => {
  it('is one for each scope and its options, as long as the scope is open', () => {
    const scope = scopeIn()
    const [one, other] = [read({})!, read({})!]
    const detector = detectorOf(scope, one)
    expect(detectorOf(scope, one)).toBe(detector)
    expect(detectorOf(scope, other)).not.toBe(detector)
    expect(detectorOf(scopeIn(), one)).not.toBe(detector)
    closeDetectors(scope, 1)
    expect(detectorOf(scope, one)).not.toBe(detector)
  })
})

/** Opens scopes until the next one has no stacks captured of what is new. */
function skipScouts(): void {
  let id = 0
  while (id < 100 || id % 16 === 15) ({ id } = openScope('custom', 'job').scope)
}

describe('a detector', () => {
  const { opened, closed, faults } = listen()

  it('follows a thousand statements, and says once that there were more', async () => {
    await inScope({ chattyScope: false }, async (session) => {
      for (let index = 0; index < 1_010; index++)
        await query(session, `select ${'a, '.repeat(index)} b from t`)
      // What it has not seen before is not looked at, what it has is.
      for (let count = 0; count < 2; count++) await query(session, `select ${'a, '.repeat(1_005)} b from t`)
      expect(opened).toEqual([])
      await query(session, 'select  b from t')
    })
    expect(closed.map(({ kind }) => kind)).toEqual(['duplicate_query'])
    expect(faults.map(({ origin, count }) => [origin, count])).toEqual([['looking for findings', 1]])
  })

  it('leaves statements alone that are of the system, or no reading and writing', async () => {
    const statements = [
      'select * from pg_class where a = $1',
      'select * from pg_catalog.pg_class where a = $1',
      'select * from information_schema.columns where a = $1',
      'select * from sqlite_master where a = $1',
      'select * from kysely_migration where a = $1',
      'insert into app.kysely_migration_lock (a) values ($1)',
      'explain select $1',
      'show all',
      'create table t (id int)',
    ]
    await inScope({}, async (session) => {
      for (const sql of statements) {
        for (let index = 0; index < 6; index++) await query(session, sql, [index % 3])
      }
    })
    expect(opened).toEqual([])
  })

  it.each([
    'select a from t where a = $1',
    'insert into t (a) values ($1)',
    'update t set a = $1',
    'delete from t where a = $1',
  ])('looks at %s', async (sql) => {
    await inScope({}, async (session) => {
      for (let index = 0; index < 5; index++) await query(session, sql, [index])
    })
    expect(closed).toHaveLength(1)
  })

  it('captures no stack of what has never been in a loop, in most scopes', async () => {
    const session = sessionWith({})
    const work = async (): Promise<void> => {
      await query(session, 'select id from rare_posts', [], [{ id: 1 }, { id: 2 }])
      for (const id of [1, 2])
        await query(session, 'select 1 from rare_comments where rare_post_id = $1', [id])
    }
    skipScouts()
    await runInScope('first', work)
    // The rows prove it, though no stack of theirs says which function the loop is in.
    expect(closed.map(({ scope, source }) => [scope.name, source?.callSite])).toEqual([['first', undefined]])
    await runInScope('second', work)
    expect(closed[1]?.source?.callSite).toBeDefined()
  })
  it('does not guess where an execution came from whose stack was not captured', async () => {
    const sql = 'select 1 from uncaptured where a = $1'
    skipScouts()
    await inScope({}, async (session) => {
      await query(session, sql, [1])
      await query(session, sql, [2])
      for (const id of [3, 4, 5, 6, 7]) await query(session, sql, [id])
    })
    expect(closed).toMatchObject([{ count: 5 }])
  })

  it('takes it for one of the others where all of them came from one place', async () => {
    const sql = 'select 1 from also_uncaptured where a = $1'
    skipScouts()
    await inScope({}, async (session) => {
      for (const id of [3, 4, 5, 6, 7, 8]) {
        await query(session, sql, [id])
        expect(opened).toHaveLength(id < 8 ? 0 : 1)
      }
    })
    expect(closed).toMatchObject([{ count: 6 }])
  })
})
