import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { channels } from '../src/channels.js'
import { currentScope, runInScope, type ScopeSummary } from '../src/scope/scope.js'

describe('runInScope', () => {
  const summaries: ScopeSummary[] = []
  const onSummary = (summary: unknown): void => void summaries.push(summary as ScopeSummary)

  beforeEach(() => {
    summaries.length = 0
    channels.scope.subscribe(onSummary)
  })
  afterEach(() => channels.scope.unsubscribe(onSummary))

  it('returns what the work returns, at once or later', async () => {
    expect(runInScope('sync', () => 1)).toBe(1)
    await expect(runInScope('async', async () => 2)).resolves.toBe(2)
  })

  it('passes on what the work throws, and ends all the same', async () => {
    const error = new Error('no')
    expect(() =>
      runInScope('sync', () => {
        throw error
      }),
    ).toThrow(error)
    await expect(runInScope('async', () => Promise.reject(error))).rejects.toBe(error)
    expect(summaries.map(({ scope }) => scope.name)).toEqual(['sync', 'async'])
  })

  it('is current inside and not after', async () => {
    await runInScope('job', async () => {
      await Promise.resolve()
      expect(currentScope()?.name).toBe('job')
    })
    expect(currentScope()).toBeUndefined()
  })

  it('nests: the inner scope knows the outer', () => {
    runInScope('outer', () =>
      runInScope('inner', () => {
        expect(currentScope()?.name).toBe('inner')
        expect(currentScope()?.parent?.name).toBe('outer')
      }),
    )
    expect(summaries.map(({ scope }) => scope.name)).toEqual(['inner', 'outer'])
  })

  it('lets nothing join it after its end', async () => {
    let late: Promise<unknown> = Promise.resolve()
    await runInScope('job', async () => {
      late = new Promise((resolve) => setTimeout(() => resolve(currentScope()), 5))
    })
    await expect(late).resolves.toBeUndefined()
  })

  it.each([[''], [42], [undefined]])('refuses %j as a name and says what it takes', (name) => {
    expect(() => runInScope(name as string, () => {})).toThrow(/non-empty string as its name, but got/)
  })

  it('refuses work that is no function', () => {
    expect(() => runInScope('job', undefined as never)).toThrow(
      'takes a function as its work, but got undefined',
    )
  })
})
