import { AsyncResource } from 'node:async_hooks'
import { once } from 'node:events'
import { connect, createServer, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { currentScope, runInScope, scopeHttpRequests } from '../../src/index.js'

/** docs/RECIPES.md tells users to wrap the handler, because Node publishes no request over HTTP/2. */
describe('a request over HTTP/2', () => {
  let server: Http2Server
  let stop: () => void

  beforeEach(() => {
    server = createServer()
    stop = scopeHttpRequests()
  })
  afterEach(() => {
    stop()
    server.close()
  })

  async function post(): Promise<void> {
    await once(server.listen(0), 'listening')
    const client = connect(`http://localhost:${(server.address() as AddressInfo).port}`)
    const request = client.request({ ':method': 'POST', ':path': '/books' })
    request.end('x'.repeat(100_000))
    await once(request.resume(), 'end')
    client.close()
  }

  it('is no scope by itself', async () => {
    const names: unknown[] = []
    server.on('request', (_request, response) => {
      names.push(currentScope()?.name)
      response.end()
    })
    await post()
    expect(names).toEqual([undefined])
  })

  it('is a scope where its handler runs in one, also for a bound listener of its body', async () => {
    const names: unknown[] = []
    server.on('request', (request, response) => {
      void runInScope(`${request.method} /books`, async () => {
        let length = 0
        const ended = new Promise<void>((resolve) => {
          const end = () => {
            names.push(currentScope()?.name)
            resolve()
          }
          request.on('end', AsyncResource.bind(end))
        })
        for await (const chunk of request) length += (chunk as Buffer).length
        names.push(currentScope()?.name, length)
        await ended
        response.end()
      })
    })
    await post()
    expect(names).toEqual(['POST /books', 'POST /books', 100_000])
  })
})
