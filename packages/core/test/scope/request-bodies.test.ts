import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { rmSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { scopeHttpRequests } from '../../src/scope/http-scope.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope } from '../../src/scope/scope.js'
import { UPLOADS, waysToReadABody, type WayToReadABody } from './ways-to-read-a-body.js'

const BOUNDARY = 'a-boundary'
const FORM = [
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="field"\r\n\r\nvalue\r\n`,
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n`,
  `${'x'.repeat(100_000)}\r\n`,
  `--${BOUNDARY}--\r\n`,
].join('')

const BODIES: Readonly<Record<WayToReadABody['sends'], { readonly type: string; readonly body: string }>> = {
  text: { type: 'text/plain', body: 'some text '.repeat(10) },
  json: { type: 'application/json', body: JSON.stringify({ ids: [1, 2, 3] }) },
  form: { type: `multipart/form-data; boundary=${BOUNDARY}`, body: FORM },
}

afterAll(() => rmSync(UPLOADS, { recursive: true, force: true }))

describe.each(waysToReadABody)(
  'the scope of a request whose body is read by $name',
  ({ name, sends, create }) => {
    const { type, body } = BODIES[sends]
    /** The scope that a request began with, by the number in its header. */
    const began = new Map<string, number | undefined>()
    const onStart = (message: unknown): void => {
      const { request } = message as { readonly request: IncomingMessage }
      began.set(String(request.headers['x-number']), currentScope()?.id)
    }
    let server: Server
    let port: number
    /** The scope around the server is open, and must not become the scope of a request. */
    let endOuterScope: () => void

    beforeAll(() => scopeHttpRequests())
    beforeEach(async () => {
      began.clear()
      subscribe('http.server.request.start', onStart)
      server = await create(() => `scope=${currentScope()?.kind} ${currentScope()?.id};`)
      const { promise, resolve } = Promise.withResolvers<void>()
      endOuterScope = resolve
      void runInScope('start-up', () => (server.listen(0), promise))
      await new Promise((listening) => server.once('listening', () => listening(undefined)))
      port = (server.address() as AddressInfo).port
    })
    afterEach(async () => {
      endOuterScope()
      unsubscribe('http.server.request.start', onStart)
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    })

    it('is the same for two pipelined requests on one connection', async () => {
      const client = new Client(port)
      client.send(head(1), body, head(2), body)
      expect(await client.answers(2)).toEqual(expected(1, 2))
      client.close()
    })

    it('is the same for two requests in turn on one connection, in pieces', async () => {
      const client = new Client(port)
      for (const number of [1, 2]) {
        client.send(head(number))
        await sendInPieces(client)
        expect(await client.answers(number)).toHaveLength(number)
      }
      expect(await client.answers(2)).toEqual(expected(1, 2))
      client.close()
    })

    it('is the same for two connections at once', async () => {
      const clients = [new Client(port), new Client(port)]
      clients.forEach((client, index) => client.send(head(index + 1)))
      await Promise.all(clients.map(sendInPieces))
      const answers = await Promise.all(clients.map((client) => client.answers(1)))
      expect(answers.flat()).toEqual(expected(1, 2))
      for (const client of clients) client.close()
    })

    function head(number: number): string {
      const expects = name === 'checkContinue' ? 'Expect: 100-continue\r\n' : ''
      return `POST / HTTP/1.1\r\nHost: localhost\r\nX-Number: ${number}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n${expects}\r\n`
    }

    async function sendInPieces(client: Client): Promise<void> {
      const middle = Math.floor(body.length / 2)
      for (const piece of [body.slice(0, middle), body.slice(middle)]) {
        await delay(5)
        client.send(piece)
      }
    }

    function expected(...numbers: readonly number[]): readonly string[] {
      const ids = numbers.map((number) => began.get(String(number)))
      expect(new Set(ids).size).toBe(numbers.length)
      return ids.map((id) => `http ${id}`)
    }
  },
)

/** Sends requests as they stand in a test, and finds the scopes in what comes back. */
class Client {
  readonly #socket: Socket
  #received = ''

  constructor(port: number) {
    this.#socket = connect(port, 'localhost')
    this.#socket.setEncoding('utf8').on('data', (chunk: string) => (this.#received += chunk))
  }

  send(...texts: readonly string[]): void {
    this.#socket.write(texts.join(''))
  }

  async answers(count: number): Promise<readonly string[]> {
    await expect.poll(() => this.#answers()).toHaveLength(count)
    return this.#answers()
  }

  close(): void {
    this.#socket.destroy()
  }

  #answers(): string[] {
    return [...this.#received.matchAll(/scope=(.*?);/g)].map(([, scope]) => scope!)
  }
}
