import { expect, it } from 'vitest'

import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope } from '../../src/scope/scope.js'
import type { Scope } from '../../src/messages/scope.js'

it('runInScope starts a lazy query once, in its scope', async () => {
  const starts: (Scope | undefined)[] = []
  const lazy: PromiseLike<string> = {
    // oxlint-disable-next-line unicorn/no-thenable -- lazy queries are thenables
    then(resolve) {
      starts.push(currentScope())
      return Promise.resolve('rows').then(resolve)
    },
  }
  expect(await runInScope('job', () => lazy)).toBe('rows')
  expect(starts.map((scope) => scope?.name)).toEqual(['job'])
  expect(starts[0]?.ended).toBe(true)
})
