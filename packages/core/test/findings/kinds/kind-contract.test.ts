import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useFakeClock, useRealClock } from '../../support/fake-clock.js'
import { resolveDetectOptions, type DetectOptions } from '../../../src/findings/detect-options.js'
import { KINDS } from '../../../src/findings/kinds.js'
import type { Allowance, AllowanceCondition } from '../../../src/findings/policy/allowance.js'
import { withoutFindings } from '../../../src/findings/policy/without-findings.js'
import { FindingError } from '../../../src/findings/report/finding-error.js'
import type { Finding, FindingKind } from '../../../src/messages/finding.js'
import { recordAcquisition } from '../../../src/record/connection.js'
import { recordQuery } from '../../../src/record/record-query.js'
import { createSession, type Session } from '../../../src/record/session.js'
import { recordBegin, recordCommand } from '../../../src/record/transaction.js'
import { runInScope } from '../../../src/scope/run-in-scope.js'
import { insideScope, openScope } from '../../../src/scope/scope.js'
import { listen, query, sessionWith, startQuery } from '../support/driving.js'

/** How a kind comes about. The limit of each scenario is 3. */
interface Scenario {
  readonly limit: object
  /** Whether the finding opens in a call that can still be rejected. */
  readonly opensInCall: boolean
  /** Does it so often, so long, or with so many rows. */
  run(session: Session, amount: number): Promise<void>
}

const PARAMETER = 'a parameter of the application'
const ROW = { value: 'a row of the application' }
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

/** The monotonic clock stands still but for these steps. */
const pass = (millis: number): void => void vi.advanceTimersByTime(millis)

const scenarios: { readonly [Kind in FindingKind]: Scenario } = {
  n_plus_one: {
    limit: { atLeast: 3 },
    opensInCall: true,
    async run(session, amount) {
      for (const id of range(amount)) {
        await query(session, 'select * from posts where a = $1 and b = $2', [id, PARAMETER], [ROW])
      }
    },
  },
  n_plus_one_write: {
    limit: { atLeast: 3 },
    opensInCall: true,
    async run(session, amount) {
      for (const id of range(amount)) {
        await query(session, 'update posts set a = $1 where b = $2', [PARAMETER, id])
      }
    },
  },
  duplicate_query: {
    limit: { atLeast: 3 },
    opensInCall: true,
    async run(session, amount) {
      for (const _ of range(amount)) {
        await query(session, 'select * from posts where a = $1', [PARAMETER], [ROW])
      }
    },
  },
  chatty_scope: {
    limit: { atLeast: 3 },
    opensInCall: true,
    async run(session, amount) {
      for (const id of range(amount)) {
        await query(session, `select column_${id} from posts where a = $1`, [PARAMETER], [ROW])
      }
    },
  },
  large_result: {
    limit: { rows: 3 },
    opensInCall: false,
    async run(session, amount) {
      const rows = range(amount).map(() => ROW)
      await query(session, 'select * from posts where a = $1', [PARAMETER], rows)
    },
  },
  long_transaction: {
    limit: { durationMillis: 3 },
    opensInCall: false,
    async run(session, amount) {
      await recordBegin(session, {}, async () => {})
      await query(session, 'select * from posts where a = $1', [PARAMETER], [ROW])
      pass(amount)
      await recordCommand(session, 'commit', async () => {})
    },
  },
  idle_in_transaction: {
    limit: { durationMillis: 3 },
    opensInCall: false,
    async run(session, amount) {
      await recordBegin(session, {}, async () => {})
      pass(amount)
      await recordCommand(session, 'commit', async () => {})
    },
  },
  transaction_per_item: {
    limit: { atLeast: 3 },
    opensInCall: false,
    async run(session, amount) {
      for (const id of range(amount)) {
        await recordBegin(session, {}, async () => {})
        const result = { rows: [], numAffectedRows: 1n }
        const statement = { sql: `update posts set a = $1 where b = ${id}`, parameters: [PARAMETER] }
        await recordQuery(session, statement, async () => result, undefined)
        pass(1)
        await recordCommand(session, 'commit', async () => {})
      }
    },
  },
  second_connection: {
    limit: { atLeast: 3 },
    opensInCall: true,
    async run(session, amount) {
      await recordBegin(session, {}, async () => {})
      try {
        for (const _ of range(amount)) {
          await recordAcquisition(
            session,
            async () => ({}),
            () => createSession(session),
            undefined,
          )
        }
      } finally {
        await recordCommand(session, 'commit', async () => {})
      }
    },
  },
  cache_stampede: {
    limit: { atLeast: 3, durationMillis: 3 },
    opensInCall: false,
    async run(session, amount) {
      const requests = range(amount).map(() => {
        const { scope, end } = openScope('http', 'job')
        const sql = 'select * from posts where a = $1'
        return { end, finish: insideScope(scope, () => startQuery(session, sql, [PARAMETER])) }
      })
      pass(4)
      for (const { finish } of requests) await finish([ROW])
      for (const { end } of requests) end()
    },
  },
  pool_wait: {
    limit: { durationMillis: 3 },
    opensInCall: false,
    async run(session, amount) {
      const acquire = async (): Promise<object> => (pass(amount), {})
      await recordAcquisition(session, acquire, () => session, undefined)
    },
  },
}

const { opened, closed } = listen()
beforeEach(() => {
  useFakeClock()
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  useRealClock()
  vi.restoreAllMocks()
})

describe.each(KINDS)('$kind', (kind) => {
  const { limit, opensInCall, run } = scenarios[kind.kind]
  /** All other kinds are off. */
  const only = (options: DetectOptions = {}): DetectOptions => ({
    ...Object.fromEntries(KINDS.map(({ option }) => [option, false])),
    [kind.option]: limit,
    ...options,
  })
  const inScope = async (amount: number, options: DetectOptions = only()): Promise<void> => {
    const session = sessionWith(options)
    await runInScope('job', () => run(session, amount))
  }
  const finding = async (): Promise<Finding> => {
    await inScope(3)
    const [found] = closed.splice(0)
    opened.length = 0
    return found!
  }

  it('opens at its limit and not below', async () => {
    await inScope(2)
    expect(opened).toEqual([])
    await inScope(3)
    expect(opened.map((each) => each.kind)).toEqual([kind.kind])
  })

  it('is published when it opens, and once when it is final', async () => {
    await inScope(3)
    expect(closed).toHaveLength(1)
    expect(closed[0]).toBe(opened[0])
    expect(closed[0]).toMatchObject({ kind: kind.kind, label: kind.label, closed: true })
    expect(closed[0]!.share).toBeTypeOf('number')
  })

  it('says what happened, and what to do', async () => {
    const { message, suggestion } = await finding()
    expect(suggestion).not.toBe('')
    expect(message).toMatch(/^(?:\d+x |\d+ |[A-Za-z])/)
    expect(message.endsWith(`; ${suggestion}`)).toBe(true)
    expect(message).not.toMatch(/undefined|NaN|\n/)
  })

  it('has a call site unless no single line causes it', async () => {
    const { callSite } = await finding()
    if (kind.conditions.includes('callSite'))
      expect(callSite?.file).toMatch(/^packages\/core\/test\/findings\//)
    else expect(callSite).toBeUndefined()
  })

  it('opens once for one cause, with figures that grow', async () => {
    await inScope(3)
    await inScope(30)
    expect(closed).toHaveLength(2)
    const [small, large] = closed.map(({ count, durationMillis, message }) => [
      count,
      durationMillis,
      message,
    ])
    expect(large).not.toEqual(small)
    expect(closed[1]!.severity).not.toBe('low')
  })

  it('is not looked for when it is switched off', async () => {
    await inScope(9, only({ [kind.option]: false }))
    expect(opened).toEqual([])
  })

  it('is not looked for inside withoutFindings', async () => {
    const session = sessionWith(only())
    await runInScope('job', () => withoutFindings(() => run(session, 9)))
    expect(opened).toEqual([])
  })

  it('does not count across scopes', async () => {
    const session = sessionWith(only())
    for (const name of ['one job', 'another job']) await runInScope(name, () => run(session, 2))
    expect(opened).toEqual([])
  })

  it('holds no parameter and no row', async () => {
    const text = inspect(await finding(), { depth: 10 })
    expect(text).toContain(kind.kind)
    expect(text).not.toContain('of the application')
  })

  it('is accepted by an allowance with any condition that it has, and refuses the others', async () => {
    const found = await finding()
    const values: { readonly [Name in AllowanceCondition]: string | undefined } = {
      callSite: found.callSite && `${found.callSite.file}#${found.callSite.function}`,
      fingerprint: found.fingerprint,
      table: found.execution?.shape.tables[0],
      scope: 'job',
    }
    for (const [name, value] of Object.entries(values) as [AllowanceCondition, string | undefined][]) {
      const allow = (given: string): DetectOptions => {
        const allowance: Allowance = { reason: 'a test', kinds: [kind.kind], [name]: given }
        return only({ allow: [allowance] })
      }
      if (!kind.conditions.includes(name)) {
        const given = { callSite: 'a.ts', fingerprint: 'q1:0123456789abcdef', table: 't', scope: 's' }[name]
        expect(() => resolveDetectOptions('test()', allow(given))).toThrow(`have no ${name}`)
        continue
      }
      await inScope(3, allow(value!))
      expect(opened).toEqual([])
    }
  })

  it('rejects the call in the mode throw if it opens in one, and warns otherwise', async () => {
    const error: unknown = await inScope(3, only({ mode: 'throw' })).catch((reason: unknown) => reason)
    const [found] = closed
    if (opensInCall) {
      expect(error).toBeInstanceOf(FindingError)
      expect(error).toMatchObject({ finding: found, message: found?.message })
      expect(console.warn).not.toHaveBeenCalled()
    } else {
      expect(error).toBeUndefined()
      expect(console.warn).toHaveBeenCalledExactlyOnceWith(
        `querylens: ${kind.kind} in job: ${found?.message}`,
      )
    }
  })

  it('has a row for the documentation', () => {
    const { what, opens, example } = kind.docs
    expect([what, opens, example].every((text) => text.length > 0 && !/[.|\n]$/.test(text))).toBe(true)
  })
})

it('kinds and options have names of their own', () => {
  for (const names of [
    KINDS.map(({ kind }) => kind),
    KINDS.map(({ option }) => option),
    KINDS.map(({ label }) => label),
  ]) {
    expect(new Set<string>(names).size).toBe(KINDS.length)
  }
})
