import { afterEach, describe, expect, it } from 'vitest'

import {
  areFindingsDemanded,
  detectorOf,
  closeDetectors,
  setScopeOptions,
  optionsInScope,
} from '../../src/findings/detectors-by-scope.js'
import { resolveDetectOptions, type DetectOptions } from '../../src/findings/detect-options.js'
import { latestIds } from '../../src/ids.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { openScope } from '../../src/scope/scope.js'
import type { Scope } from '../../src/messages/scope.js'
import { inScope, listen, query, sessionWith } from './support/driving.js'

const read = (options?: DetectOptions | boolean) => resolveDetectOptions('test()', options)
const scopeIn = (parent?: Scope): Scope => Object.assign(openScope('custom', 'job').scope, { parent })

describe('setScopeOptions', () => {
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

  it('gives a scope its own options, or inherited options, over those of the database', () => {
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

  it('merges the options of nested scopes with those of the database, and returns the same object each time', () => {
    const allowed = (table: string) => ({ table, reason: `${table} is small` })
    const ofDatabase = read({ mode: 'throw', nPlusOne: { atLeast: 9 }, allow: [allowed('a'), allowed('b')] })!
    const outer = opened(read({ callSites: 'always', poolWait: false, allow: [allowed('b'), allowed('c')] }))
    const inner = opened(read({ mode: 'report', nPlusOne: undefined, chattyScope: { atLeast: 7 } }), outer)
    const last = opened(undefined, inner)
    const options = optionsInScope(last, ofDatabase)!
    expect(options).toMatchObject({
      mode: 'report',
      alwaysCaptures: true,
      limits: { n_plus_one: { atLeast: 9 }, chatty_scope: { atLeast: 7 }, pool_wait: undefined },
    })
    expect(options.allowances.map(({ allowance }) => allowance.table)).toEqual(['a', 'b', 'c'])
    expect(optionsInScope(last, ofDatabase)).toBe(options)
    expect(optionsInScope(inner, ofDatabase)).toBe(options)
    expect(optionsInScope(outer, ofDatabase)).toMatchObject({
      mode: 'throw',
      limits: { pool_wait: undefined },
    })
    expect(optionsInScope(last, undefined)).toMatchObject({
      mode: 'report',
      limits: { chatty_scope: { atLeast: 7 } },
    })
  })

  it('keeps the options of the database with true, and begins anew inside false', () => {
    const ofDatabase = read({ mode: 'warn', largeResult: false })
    expect(optionsInScope(opened(read(true)), ofDatabase)).toBe(ofDatabase)
    expect(optionsInScope(opened(read({})), ofDatabase)).toBe(ofDatabase)
    expect(optionsInScope(opened(read(true)), undefined)).toBe(read(true))
    const none = opened(false, opened(read({ poolWait: false })))
    expect(optionsInScope(opened(read(true), none), ofDatabase)).toBe(ofDatabase)
  })

  it.each<[DetectOptions['largeResult'], DetectOptions['largeResult'], unknown]>([
    [{ rows: 5 }, { bytes: 7 }, { rows: 5, bytes: 7 }],
    [{ rows: 5 }, { rows: undefined }, { rows: 5 }],
    [{ rows: 5 }, true, { rows: 5 }],
    [{ rows: 5 }, false, undefined],
    [false, true, { rows: 10_000 }],
    [false, { rows: 5 }, { rows: 5 }],
    [undefined, { rows: 5 }, { rows: 5 }],
  ])('merges the limits of a kind: %j and %j', (largeResult, inner, expected) => {
    const options = optionsInScope(opened(read({ largeResult: inner })), read({ mode: 'warn', largeResult }))
    if (expected === undefined) expect(options?.limits.large_result).toBeUndefined()
    else expect(options?.limits.large_result).toMatchObject(expected as object)
  })

  it('does not follow an options object that changes after the check', () => {
    const limit = { atLeast: 9 }
    const ofDatabase = read({ nPlusOne: limit })
    limit.atLeast = -1
    expect(optionsInScope(opened(read({ mode: 'warn' })), ofDatabase)?.limits.n_plus_one).toEqual({
      atLeast: 9,
    })
  })

  it('demands findings in a scope that inherits its mode', () => {
    const outer = opened(read({ mode: 'throw' }))
    const inner = opened(read({ poolWait: false }), outer)
    closeDetectors(outer, 1)
    expect(areFindingsDemanded()).toBe(true)
    const calm = opened(read({ mode: 'report' }), inner)
    closeDetectors(inner, 1)
    expect(areFindingsDemanded()).toBe(false)
    closeDetectors(calm, 1)
    open.length = 0
  })

  it('demands findings while a scope in the mode warn or throw is open', () => {
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
  it('returns one detector for each scope and options while the scope is open', () => {
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

/** Opens scopes until the next one is not a sampled scope. */
function skipSampledScopes(): void {
  let id = 0
  while (id < 100 || id % 16 === 15) ({ id } = openScope('custom', 'job').scope)
}

describe('ScopeDetector', () => {
  const { opened, closed, faults } = listen()

  it('follows 1,000 distinct statements and reports one fault when there are more', async () => {
    await inScope({ chattyScope: false }, async (session) => {
      for (let index = 0; index < 1_010; index++)
        await query(session, `select ${'a, '.repeat(index)} b from t`)
      // It ignores new statements now and still follows the known ones.
      for (let count = 0; count < 2; count++) await query(session, `select ${'a, '.repeat(1_005)} b from t`)
      expect(opened).toEqual([])
      await query(session, 'select  b from t')
    })
    expect(closed.map(({ kind }) => kind)).toEqual(['duplicate_query'])
    expect(faults.map(({ origin, count }) => [origin, count])).toEqual([['looking for findings', 1]])
  })

  it('ignores system tables and statements that neither read nor write rows', async () => {
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
    'update t set a = 1 where b = $1',
    'delete from t where a = $1',
  ])('checks %s', async (sql) => {
    await inScope({}, async (session) => {
      for (let index = 0; index < 5; index++) await query(session, sql, [index])
    })
    expect(closed).toHaveLength(1)
  })

  it('captures no stack of a new statement in a scope outside the sample', async () => {
    const session = sessionWith({})
    const work = async (): Promise<void> => {
      await query(session, 'select id from rare_posts', [], [{ id: 1 }, { id: 2 }])
      for (const id of [1, 2])
        await query(session, 'select 1 from rare_comments where rare_post_id = $1', [id])
    }
    skipSampledScopes()
    await runInScope('first', work)
    // The rows prove the loop, but without their stack the source has no call site.
    expect(closed.map(({ scope, source }) => [scope.name, source?.callSite])).toEqual([['first', undefined]])
    await runInScope('second', work)
    expect(closed[1]?.source?.callSite).toBeDefined()
  })

  it.each([
    [100, true],
    [101, false],
    [199, false],
    [200, false],
    [207, false],
    [208, true],
    [216, false],
    [224, true],
  ])('captures stacks of new statements in scope %d: %j', async (id, isSampled) => {
    const { scope: latest } = latestIds
    latestIds.scope = id - 1
    await inScope({}, async (session) => {
      await query(session, `select id from sampled_${id}`, [], [{ id: 1 }, { id: 2 }])
      for (const key of [1, 2]) {
        await query(session, `select 1 from children where sampled_${id}_id = $1`, [key])
      }
    })
    latestIds.scope = latest
    expect(closed.map(({ scope, source }) => [scope.id, source?.callSite !== undefined])).toEqual([
      [id, isSampled],
    ])
  })

  it('guesses no call site for an execution without a captured stack', async () => {
    const sql = 'select 1 from uncaptured where a = $1'
    skipSampledScopes()
    await inScope({}, async (session) => {
      await query(session, sql, [1])
      await query(session, sql, [2])
      for (const id of [3, 4, 5, 6, 7]) await query(session, sql, [id])
    })
    expect(closed).toMatchObject([{ count: 5 }])
  })

  it('counts an execution without a stack if all others came from one call site', async () => {
    const sql = 'select 1 from also_uncaptured where a = $1'
    skipSampledScopes()
    await inScope({}, async (session) => {
      for (const id of [3, 4, 5, 6, 7, 8]) {
        await query(session, sql, [id])
        expect(opened).toHaveLength(id < 8 ? 0 : 1)
      }
    })
    expect(closed).toMatchObject([{ count: 6 }])
  })
})
