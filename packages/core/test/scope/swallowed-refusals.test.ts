import { describe, expect, it } from 'vitest'

import { channels, runInScope, type ScopeSummary } from '../../src/index.js'
import { refuse } from '../../src/record/detection.js'
import { currentScope } from '../../src/scope/scope.js'

const throwing = { detect: { mode: 'throw' } } as const

/** Refuses a call in the scope that is open here, as a finding in the mode `throw` does. */
function refused(): Error {
  const error = Object.assign(new Error('a loop'), { code: 'QUERYLENS_FINDING' })
  refuse(currentScope(), error)
  return error
}

const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )

function withGetter(name: 'cause' | 'errors'): Error {
  return Object.defineProperty(new Error('own'), name, {
    get() {
      throw new TypeError('no getter of the application may be called unguarded')
    },
  })
}

class Endless extends Error {
  override get cause(): Error {
    return new Endless('another')
  }
}

describe('runInScope with a refusal that its work has swallowed', () => {
  it('throws it in place of a result, or rejects with it', async () => {
    let refusal: Error | undefined
    expect(() => runInScope('sync', () => void (refusal = refused()))).toThrow(refusal)
    expect(await rejectionOf(runInScope('async', async () => void (refusal = refused())))).toBe(refusal)
  })

  it('makes an error of the work the cause', async () => {
    const own = new Error('own')
    const work = async (): Promise<never> => {
      refused()
      throw own
    }
    expect(await rejectionOf(runInScope('job', work))).toMatchObject({ message: 'a loop', cause: own })
  })

  it.each<[string, (refusal: Error) => Error]>([
    ['is the refusal', (refusal) => refusal],
    ['has it as a cause', (refusal) => new Error('a', { cause: new Error('b', { cause: refusal }) })],
    ['has it as one of several', (refusal) => new AggregateError([refusal], 'all failed')],
    [
      'has it among the errors of a cause',
      (refusal) => new Error('a', { cause: new AggregateError([new Error('b', { cause: refusal })]) }),
    ],
    ['has it as the cause of an object', (refusal) => new Error('a', { cause: { cause: refusal } })],
  ])('leaves an error as it is that %s', async (_name, wrap) => {
    let own: Error | undefined
    const work = async (): Promise<never> => {
      own = wrap(refused())
      throw own
    }
    expect(await rejectionOf(runInScope('job', work))).toBe(own)
  })

  it('ends with errors that are their own causes', async () => {
    const own = new Error('own')
    own.cause = own
    const work = async (): Promise<never> => {
      refused()
      throw own
    }
    expect(await rejectionOf(runInScope('job', work))).toMatchObject({ message: 'a loop', cause: own })
  })

  it('fails the inner scope alone, unless the outer one has the mode throw', async () => {
    const inner = () => runInScope('inner', async () => void refused()).catch(() => 'caught')
    await expect(runInScope('outer', inner)).resolves.toBe('caught')
    await expect(runInScope('outer', inner, throwing)).rejects.toThrow('a loop')
    const deep = () => runInScope('between', inner, { detect: { mode: 'report' } })
    await expect(runInScope('outer', deep, throwing)).rejects.toThrow('a loop')
  })

  it('keeps the cause of the inner scope in the outer one', async () => {
    const [first, second] = [new Error('first'), new Error('second')]
    let refusal: Error | undefined
    const work = async (): Promise<never> => {
      await runInScope('inner', async () => {
        refusal = refused()
        throw first
      }).catch(() => {})
      throw second
    }
    expect(await rejectionOf(runInScope('outer', work, throwing))).toBe(refusal)
    expect(refusal).toMatchObject({ message: 'a loop', cause: first })
  })

  it.each<[string, (refusal: Error) => unknown]>([
    ['has a cause that cannot be read', () => withGetter('cause')],
    ['has errors that cannot be read', () => withGetter('errors')],
    ['has ever more causes', () => new Endless('own')],
  ])('throws the refusal although the error of the work %s', async (_name, create) => {
    let refusal: Error | undefined
    const work = async (): Promise<never> => {
      refusal = refused()
      throw create(refusal)
    }
    expect(await rejectionOf(runInScope('job', work))).toBe(refusal)
  })

  it('throws the refusal although it is frozen', async () => {
    let refusal: Error | undefined
    const work = async (): Promise<never> => {
      refusal = Object.freeze(refused())
      throw new Error('own')
    }
    expect(await rejectionOf(runInScope('job', work))).toBe(refusal)
  })

  it('has ended when work that goes on is refused', async () => {
    let later: Promise<unknown> | undefined
    const result = await runInScope('job', async () => {
      later = Promise.resolve()
        .then(() => new Promise(setImmediate))
        .then(refused)
      return 'result'
    })
    expect(result).toBe('result')
    await expect(later).resolves.toMatchObject({ message: 'a loop' })
  })
})

describe('a generator of runInScope that swallows a refusal', () => {
  function* numbers(): Generator<number> {
    refused()
    yield 1
  }
  async function* asyncNumbers(): AsyncGenerator<number> {
    refused()
    yield 1
  }

  it('throws it at its end', async () => {
    expect(() => [...runInScope('sync', numbers)]).toThrow('a loop')
    const read: number[] = []
    const readAll = async (): Promise<void> => {
      for await (const number of runInScope('async', asyncNumbers)) read.push(number)
    }
    await expect(readAll()).rejects.toThrow('a loop')
    expect(read).toEqual([1])
  })

  it('throws it when its reader leaves it', async () => {
    expect(() => {
      for (const _ of runInScope('sync', numbers)) break
    }).toThrow('a loop')
    const leave = async (): Promise<void> => {
      for await (const _ of runInScope('async', asyncNumbers)) break
    }
    await expect(leave()).rejects.toThrow('a loop')
  })

  it('makes an error of a step the cause', async () => {
    const own = new Error('own')
    const sync = runInScope('sync', numbers)
    sync.next()
    expect(() => sync.throw(own)).toThrow(expect.objectContaining({ message: 'a loop', cause: own }))
    const async = runInScope('async', asyncNumbers)
    await async.next()
    expect(await rejectionOf(async.throw(own))).toMatchObject({ message: 'a loop', cause: own })
  })

  it('fails its scope with it', () => {
    const errors: unknown[] = []
    const onSummary = (summary: unknown): void => void errors.push((summary as ScopeSummary).error)
    channels.scope.subscribe(onSummary)
    expect(() => [...runInScope('job', numbers)]).toThrow('a loop')
    channels.scope.unsubscribe(onSummary)
    expect(errors).toMatchObject([{ message: 'a loop' }])
  })
})
