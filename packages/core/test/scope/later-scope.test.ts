import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, it, vi } from 'vitest'

import { clock } from '../../src/clock.js'
import type { Scope } from '../../src/messages/scope.js'
import { operationEnds, operationStarts, scopeOfOperation } from '../../src/scope/later-scope.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope } from '../../src/scope/scope.js'

/** Calls `work` in the context of a scope that has ended. */
async function afterScope<Result>(work: () => Result, millis = 0): Promise<Awaited<Result>> {
  const { promise, resolve } = Promise.withResolvers<Result>()
  runInScope('job', () => void setTimeout(() => void Promise.resolve().then(() => resolve(work())), millis))
  return await promise
}

function operation(): Scope {
  const scope = scopeOfOperation()
  operationStarts(scope)
  operationEnds(scope)
  return scope!
}

describe('scopeOfOperation', () => {
  it('is the current scope, and undefined outside any scope', () => {
    expect(scopeOfOperation()).toBeUndefined()
    runInScope('job', () => expect(scopeOfOperation()).toBe(currentScope()))
  })

  it('enters a later scope for the work that follows', async () => {
    const [first, second, current] = await afterScope(async () => {
      const opened = operation()
      await delay(5)
      return [opened, operation(), currentScope()]
    })
    expect(second).toBe(first)
    expect(current).toBe(first)
    expect(currentScope()).toBeUndefined()
  })

  it('opens one later scope for what begins right after the end, and one each for what begins later', async () => {
    const inContext = runInScope('start-up', () => AsyncLocalStorage.snapshot())
    const start = clock.now()
    const clockNow = vi.spyOn(clock, 'now')
    const scopes: Scope[] = []
    for (const millis of [0, 5, 150, 155]) {
      clockNow.mockReturnValue(start + millis)
      // Each callback begins in the context of the ended scope, as the messages of a socket do.
      scopes.push(await inContext(() => Promise.resolve().then(operation)))
    }
    clockNow.mockRestore()
    const [first, second, third, fourth] = scopes
    expect(second).toBe(first)
    expect(new Set([first, third, fourth]).size).toBe(3)
  })

  it('opens another scope for work that never pauses', async () => {
    const now = clock.now()
    const [first, second, third] = await afterScope(async () => {
      const opened = operation()
      const clockNow = vi.spyOn(clock, 'now').mockReturnValue(now + 61_000)
      const after = [operation(), operation()]
      clockNow.mockRestore()
      return [opened, ...after]
    })
    expect(second).not.toBe(first)
    expect(third).toBe(second)
    expect(second).toMatchObject({ name: 'job (later)', kind: 'later' })
  })

  it('keeps a scope open while an operation runs', async () => {
    const scope = await afterScope(() => {
      const opened = scopeOfOperation()!
      operationStarts(opened)
      return opened
    })
    await delay(2_200)
    expect(scope.ended).toBe(false)
    operationEnds(scope)
    await expect.poll(() => scope.ended, { timeout: 5_000 }).toBe(true)
  })

  it('bounds the number of scopes that are open', async () => {
    const scopes = await Promise.all(Array.from({ length: 1_100 }, () => afterScope(operation)))
    expect(new Set(scopes).size).toBe(1_100)
    expect(scopes.filter(({ ended }) => !ended).length).toBeLessThanOrEqual(1_000)
    expect(scopes.at(-1)?.ended).toBe(false)
  })

  it('ends all scopes before the process exits', async () => {
    const listeners = process.listenerCount('beforeExit')
    const scope = await afterScope(operation)
    expect(process.listenerCount('beforeExit')).toBeLessThanOrEqual(listeners + 1)
    process.emit('beforeExit', 0)
    expect(scope.ended).toBe(true)
  })
})
