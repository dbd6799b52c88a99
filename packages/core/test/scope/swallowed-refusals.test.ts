import { describe, expect, it } from 'vitest'

import { runInScope } from '../../src/index.js'
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

  it('shows the errors of both scopes', async () => {
    const [first, second] = [new Error('first'), new Error('second')]
    const work = async (): Promise<never> => {
      await runInScope('inner', async () => {
        refused()
        throw first
      }).catch(() => {})
      throw second
    }
    expect(await rejectionOf(runInScope('outer', work, throwing))).toMatchObject({
      message: 'a loop',
      code: 'QUERYLENS_FINDING',
      errors: [{ message: 'a loop', cause: first }, second],
    })
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
