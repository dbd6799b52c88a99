import { EventEmitter } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

import { beforeAll, describe, expect, it } from 'vitest'

import type { Scope } from '../../src/messages/scope.js'
import { emitInScope } from '../../src/scope/emit-in-scope.js'
import { scopeHttpRequests } from '../../src/scope/http-scope.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope, openScope } from '../../src/scope/scope.js'

describe('emitInScope', () => {
  function bound(): { readonly emitter: EventEmitter; readonly scope: Scope } {
    const emitter = new EventEmitter()
    const { scope } = openScope('http', 'GET /')
    emitInScope(emitter, scope)
    return { emitter, scope }
  }

  it('runs the listeners in the scope, whatever scope is current', () => {
    const { emitter, scope } = bound()
    const seen: unknown[] = []
    emitter.on('end', () => seen.push(currentScope()))
    emitter.emit('end')
    runInScope('another', () => emitter.emit('end'))
    expect(seen).toEqual([scope, scope])
    expect(currentScope()).toBeUndefined()
  })

  it('keeps a scope that was opened inside it', () => {
    const { emitter, scope } = bound()
    const seen: unknown[] = []
    emitter.on('outer', () => runInScope('inner', () => emitter.emit('inner')))
    emitter.on('inner', () => seen.push([currentScope()?.name, currentScope()?.parent]))
    emitter.emit('outer')
    expect(seen).toEqual([['inner', scope]])
  })

  it('shows the application its own listeners, and calls them as Node does', () => {
    const { emitter } = bound()
    const calls: unknown[] = []
    function listener(this: unknown, ...values: unknown[]): void {
      calls.push([this, values])
    }
    emitter.on('data', listener)
    expect(Object.keys(emitter)).toEqual(Object.keys(new EventEmitter()))
    expect([emitter.listeners('data'), emitter.rawListeners('data'), emitter.eventNames()]).toEqual([
      [listener],
      [listener],
      ['data'],
    ])
    expect(emitter.emit('data', 1, 2)).toBe(true)
    expect(calls).toEqual([[emitter, [1, 2]]])
    expect(emitter.off('data', listener).emit('data')).toBe(false)
    expect(calls).toHaveLength(1)
  })

  it('passes on what a listener throws, and throws for an error without a listener', () => {
    const { emitter } = bound()
    const error = new Error('no')
    emitter.on('end', () => {
      throw error
    })
    expect(() => emitter.emit('end')).toThrow(error)
    expect(() => emitter.emit('error', error)).toThrow(error)
    expect(currentScope()).toBeUndefined()
  })
})

describe('the events of a response', () => {
  beforeAll(() => scopeHttpRequests())

  async function serve(listener: RequestListener): Promise<void> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    await (await fetch(`http://localhost:${(server.address() as AddressInfo).port}/orders`)).text()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  it('belong to the scope of the request until it ends', async () => {
    const seen: unknown[] = []
    await serve((_request, response) => {
      expect(response.listenerCount('close')).toBe(0)
      response.on('finish', () => seen.push(currentScope()?.name))
      response.on('close', () => seen.push(currentScope()))
      response.removeAllListeners('error').end()
    })
    await expect.poll(() => seen).toEqual(['GET /orders', undefined])
  })

  it('keep the scope for a source that reads on when the response has drained', async () => {
    const seen: unknown[] = []
    async function* pages(): AsyncGenerator<string> {
      for (let page = 0; page < 20; page++) {
        seen.push(currentScope()?.name)
        yield 'x'.repeat(1_000_000)
      }
    }
    await serve((_request, response) => void Readable.from(pages(), { highWaterMark: 1 }).pipe(response))
    expect(seen).toEqual(Array.from({ length: 20 }, () => 'GET /orders'))
  })
})
