import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { activateIn, type Activate } from '../../src/messages/activate.js'
import { channels } from '../../src/messages/channels.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope } from '../../src/scope/scope.js'
import type { ScopeOpening, ScopeSummary } from '../../src/messages/scope.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('runInScope', () => {
  const summaries: ScopeSummary[] = []
  const onSummary = (summary: unknown): void => void summaries.push(summary as ScopeSummary)

  beforeEach(() => {
    summaries.length = 0
    channels.scope.subscribe(onSummary)
  })
  afterEach(() => channels.scope.unsubscribe(onSummary))

  it('returns the result of the work, or a promise of it', async () => {
    expect(runInScope('sync', () => 1)).toBe(1)
    await expect(runInScope('async', async () => 2)).resolves.toBe(2)
  })

  it('passes on an error of the work and ends the scope', async () => {
    const error = new Error('no')
    expect(() =>
      runInScope('sync', () => {
        throw error
      }),
    ).toThrow(error)
    await expect(runInScope('async', () => Promise.reject(error))).rejects.toBe(error)
    runInScope('well', () => {})
    expect(summaries.map((summary) => [summary.scope.name, summary.failed, summary.error])).toEqual([
      ['sync', true, error],
      ['async', true, error],
      ['well', false, undefined],
    ])
  })

  it('publishes scope:start before the work, and a subscriber may choose its context', () => {
    const order: string[] = []
    const onOpening = (message: unknown): void => {
      const opening = message as ScopeOpening
      order.push(`${opening.scope.name} opens, ${currentScope()?.name} around it`)
      activateIn(opening, (operation) => {
        order.push('in')
        const result = operation()
        order.push('out')
        return result
      })
    }
    channels.scopeStart.subscribe(onOpening)
    const result = runInScope('job', () => {
      order.push('work')
      return 7
    })
    channels.scopeStart.unsubscribe(onOpening)
    expect(result).toBe(7)
    expect(order).toEqual(['job opens, undefined around it', 'in', 'work', 'out'])
  })

  it.each<[string, Activate]>([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['runs the work twice', (operation) => (operation(), operation())],
    ['does not run the work', () => undefined as never],
    ['runs the work later', (operation) => void setImmediate(operation) as never],
    ['drops its result', (operation) => void operation() as never],
  ])('runs the work once if activate %s', async (_, activate) => {
    const choose = (opening: ScopeOpening): void => activateIn(opening, activate)
    channels.scopeStart.subscribe(choose)
    let times = 0
    const result = runInScope('job', () => ++times)
    const error = new Error('its own')
    const fail = (): unknown =>
      runInScope('job', () => {
        throw error
      })
    expect(fail).toThrow(error)
    channels.scopeStart.unsubscribe(choose)
    await new Promise((later) => setImmediate(later))
    expect([result, times]).toEqual([1, 1])
    expect(summaries.map(({ failed }) => failed)).toEqual([false, true])
  })

  it('is the current scope until the work ends', async () => {
    await runInScope('job', async () => {
      await Promise.resolve()
      expect(currentScope()?.name).toBe('job')
    })
    expect(currentScope()).toBeUndefined()
  })

  it('makes the outer scope the parent of the inner one', () => {
    runInScope('outer', () =>
      runInScope('inner', () => {
        expect(currentScope()?.name).toBe('inner')
        expect(currentScope()?.parent?.name).toBe('outer')
      }),
    )
    expect(summaries.map(({ scope }) => scope.name)).toEqual(['inner', 'outer'])
  })

  it('releases the outer scope when the inner one ends', () => {
    const inner = runInScope('outer', () => runInScope('inner', currentScope))
    expect(inner).toMatchObject({ name: 'inner', ended: true, parent: undefined })
  })

  it('is no longer current in code that runs after its end', async () => {
    let late: Promise<unknown> = Promise.resolve()
    await runInScope('job', async () => {
      late = new Promise((resolve) => setTimeout(() => resolve(currentScope()), 5))
    })
    await expect(late).resolves.toBeUndefined()
  })

  it.each([[''], [42], [undefined]])('rejects %j as a name', (name) => {
    expect(() => runInScope(name as string, () => {})).toThrow(/non-empty string as its name, but got/)
  })

  it('rejects work that is no function', () => {
    expect(() => runInScope('job', undefined as never)).toThrow(
      'takes a function as its work, but got undefined',
    )
  })
})

describe('a generator that runInScope returns', () => {
  const summaries: ScopeSummary[] = []
  const onSummary = (summary: unknown): void => void summaries.push(summary as ScopeSummary)
  const endings = (): unknown[] => summaries.map(({ scope, failed }) => [scope.name, failed])

  beforeEach(() => {
    summaries.length = 0
    channels.scope.subscribe(onSummary)
  })
  afterEach(() => void channels.scope.unsubscribe(onSummary))

  function* names(): Generator<string, string, string> {
    const sent = yield `${currentScope()?.name}`
    try {
      yield sent + String(currentScope()?.name)
    } finally {
      yield `finally ${currentScope()?.name}`
    }
    return `returns ${currentScope()?.name}`
  }
  function* plain(): Generator<number> {
    yield 1
    yield 2
  }
  async function* asyncPlain(): AsyncGenerator<number | string> {
    yield* plain()
    yield String(currentScope()?.name)
  }

  it('stays the generator that the work has made, and runs each step in the scope', () => {
    const own = names()
    const generator = runInScope('job', () => own)
    expect(generator).toBe(own)
    expect(Object.keys(generator)).toEqual([])
    expect([generator.next('-'), generator.next('sent '), generator.next('-')]).toEqual([
      { value: 'job', done: false },
      { value: 'sent job', done: false },
      { value: 'finally job', done: false },
    ])
    expect([currentScope(), summaries]).toEqual([undefined, []])
    expect([generator.next('-'), generator.next('-')]).toEqual([
      { value: 'returns job', done: true },
      { value: undefined, done: true },
    ])
    expect(endings()).toEqual([['job', false]])
  })

  it('ends the scope when its reader leaves it', async () => {
    for (const _ of runInScope('sync', plain)) break
    for await (const _ of runInScope('async', asyncPlain)) break
    expect(endings()).toEqual([
      ['sync', false],
      ['async', false],
    ])
  })

  it('keeps the scope open while it cleans up', () => {
    const generator = runInScope('job', names)
    generator.next('-')
    generator.next('-')
    expect(generator.return('left')).toEqual({ value: 'finally job', done: false })
    expect(endings()).toEqual([])
    expect(generator.next('-')).toEqual({ value: 'left', done: true })
    expect(endings()).toEqual([['job', false]])
  })

  it('fails the scope with the error of a step', async () => {
    const error = new Error('no')
    const sync = runInScope('sync', plain)
    sync.next()
    expect(() => sync.throw(error)).toThrow(error)
    const async = runInScope('async', asyncPlain)
    await async.next()
    await expect(async.throw(error)).rejects.toBe(error)
    expect(summaries.map((summary) => [summary.scope.name, summary.failed, summary.error])).toEqual([
      ['sync', true, error],
      ['async', true, error],
    ])
  })

  it('runs the steps in the context that a subscriber has chosen', () => {
    let depth = 0
    const depths: number[] = []
    const choose = (opening: ScopeOpening): void =>
      activateIn(opening, (operation) => {
        depth++
        try {
          return operation()
        } finally {
          depth--
        }
      })
    channels.scopeStart.subscribe(choose)
    const generator = runInScope('job', function* () {
      for (let step = 0; step < 3; step++) yield depths.push(depth)
    })
    channels.scopeStart.unsubscribe(choose)
    Array.from(generator)
    expect([depths, depth]).toEqual([[1, 1, 1], 0])
  })

  it('ends the scope when it is forgotten', async () => {
    void runInScope('forgotten', plain).next()
    await expect
      .poll(() => {
        collectGarbage()
        return endings()
      })
      .toEqual([['forgotten', false]])
  })

  it('is told from other results without a look at their properties', async () => {
    const remote = new Proxy(
      {},
      {
        get(_, key) {
          if (key !== 'then') throw new Error(`no property ${String(key)}`)
          return undefined
        },
      },
    )
    expect(runInScope('sync', () => remote) === remote).toBe(true)
    expect((await runInScope('async', async () => remote)) === remote).toBe(true)
    expect(endings()).toEqual([
      ['sync', false],
      ['async', false],
    ])
  })

  it('belongs to the scope also where a promise has brought it', async () => {
    const generator = await runInScope('job', async () => asyncPlain())
    expect(await Promise.all([generator.next(), generator.next(), generator.next()])).toMatchObject([
      { value: 1 },
      { value: 2 },
      { value: 'job' },
    ])
    expect(endings()).toEqual([])
  })
})
