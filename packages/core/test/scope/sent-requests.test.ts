import { channel } from 'node:diagnostics_channel'
import { createServer, type IncomingMessage } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { afterEach, describe, expect, it } from 'vitest'

import { channels } from '../../src/messages/channels.js'
import type { CaptureObserver } from '../../src/scope/capture.js'
import { openCapture, type OpenCapture } from '../../src/scope/open-capture.js'
import { awaitedHosts, captureOfSender } from '../../src/scope/sent-requests.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const observer: CaptureObserver = { queryStarts() {}, queryEnds() {}, refused() {} }
const opened: OpenCapture[] = []

function open(name: string, options = {}): OpenCapture {
  const capture = openCapture(name, 'test', observer, options)
  opened.push(capture)
  return capture
}

afterEach(() => {
  for (const capture of opened.splice(0)) capture.end()
})

const created = channel('undici:request:create')
const sends = channel('undici:client:sendHeaders')
const headers = channel('undici:request:headers')
const failed = channel('undici:request:error')

/** The two ends of a connection between the given ports. */
function connection(clientPort: number, serverPort: number) {
  const here = '127.0.0.1'
  const client = {
    localAddress: here,
    localPort: clientPort,
    remoteAddress: here,
    remotePort: serverPort,
  }
  const server = {
    localAddress: `::ffff:${here}`,
    localPort: serverPort,
    remoteAddress: `::ffff:${here}`,
    remotePort: clientPort,
  }
  return { client, incoming: { socket: server } as unknown as IncomingMessage }
}

const requestTo = (origin: string) => ({ request: { origin } })

describe('requests that are sent from a capture', () => {
  it('are watched only while a capture is open', () => {
    const watched = () =>
      [created, sends, channel('http.client.request.created')].map((one) => one.hasSubscribers)
    expect(watched()).toEqual([false, false, false])
    const [one, two] = [open('one'), open('two')]
    expect(watched()).toEqual([true, true, true])
    one.end()
    expect(watched()).toEqual([true, true, true])
    two.end()
    expect(watched()).toEqual([false, false, false])
  })

  it('are found by both ends of their connection, once', () => {
    const { capture, run } = open('one')
    const message = requestTo('http://localhost:3000')
    const { client, incoming } = connection(50_000, 3000)
    run(() => created.publish(message))
    expect(captureOfSender(incoming)).toBeUndefined()
    sends.publish({ ...message, socket: client })
    expect(captureOfSender(connection(50_001, 3000).incoming)).toBeUndefined()
    expect(captureOfSender(connection(50_000, 3001).incoming)).toBeUndefined()
    expect(captureOfSender(incoming)).toBe(capture)
    expect(captureOfSender(incoming)).toBeUndefined()
  })

  it('are told from requests before and after them on the same connection', () => {
    const { capture, run } = open('one')
    const { client, incoming } = connection(50_000, 3000)
    const [before, own, after] = [1, 2, 3].map(() => requestTo('http://localhost:3000'))
    created.publish(before)
    run(() => created.publish(own))
    created.publish(after)
    for (const message of [before, own, after]) sends.publish({ ...message, socket: client })
    const found = [1, 2, 3].map(() => captureOfSender(incoming))
    expect(found).toEqual([undefined, capture, undefined])
  })

  it.each([
    ['a response', headers],
    ['an error', failed],
  ])('are forgotten with %s', (_name, answer) => {
    const { capture, run } = open('one')
    const message = requestTo('http://127.0.0.1:3000')
    const { client, incoming } = connection(50_000, 3000)
    run(() => created.publish(message))
    sends.publish({ ...message, socket: client })
    expect(awaitedHosts(capture)).toEqual(['127.0.0.1:3000'])
    answer.publish(message)
    expect(awaitedHosts(capture)).toEqual([])
    expect(captureOfSender(incoming)).toBeUndefined()
  })

  it.each([
    ['http://localhost:3000', true],
    ['http://app.localhost', true],
    ['https://[::1]:3000', true],
    ['http://127.0.0.2', true],
    ['https://example.com', false],
    ['http://localhost.example.com', false],
  ])('are waited for where %s may be this process: %s', (origin, isAwaited) => {
    const { capture, run } = open('one')
    run(() => created.publish(requestTo(origin)))
    expect(awaitedHosts(capture).length > 0).toBe(isAwaited)
  })

  it('belong to the capture around once the inner one has ended, and to the inner one after both, as late work', () => {
    const outer = open('outer')
    const inner = outer.run(() => open('inner'))
    const { client, incoming } = connection(50_000, 3000)
    const messages = [1, 2].map(() => requestTo('http://localhost:3000'))
    for (const message of messages) {
      inner.run(() => created.publish(message))
      sends.publish({ ...message, socket: client })
    }
    inner.end()
    expect(captureOfSender(incoming)).toBe(outer.capture)
    open('another')
    outer.end()
    expect(captureOfSender(incoming)).toBe(inner.capture)
  })

  it('are told from those of other captures when one of these ends in between', () => {
    const other = open('other')
    const { capture, run } = open('one')
    const { client, incoming } = connection(50_000, 3000)
    const [late, outside, own] = [1, 2, 3].map(() => requestTo('http://localhost:3000'))
    other.run(() => created.publish(late))
    created.publish(outside)
    run(() => created.publish(own))
    for (const message of [late, outside, own]) sends.publish({ ...message, socket: client })
    other.end()
    const found = [1, 2, 3].map(() => captureOfSender(incoming))
    expect(found).toEqual([other.capture, undefined, capture])
  })

  it('belong to the capture that they are sent from after its end, beside one of the process', () => {
    const before = open('before')
    before.end()
    const ofProcess = open('of the process', { process: true })
    const { client, incoming } = connection(50_000, 3000)
    const [late, other] = [1, 2].map(() => requestTo('http://localhost:3000'))
    before.run(() => created.publish(late))
    created.publish(other)
    for (const message of [late, other]) sends.publish({ ...message, socket: client })
    expect([1, 2].map(() => captureOfSender(incoming))).toEqual([before.capture, ofProcess.capture])
  })

  it('go from memory with their capture', async () => {
    open('another')
    const one = open('one')
    let message: { request: object } | undefined = requestTo('http://localhost:3000')
    const request = new WeakRef(message.request)
    one.run(() => created.publish(message))
    message = undefined
    one.end()
    await new Promise(setImmediate)
    collectGarbage()
    expect(request.deref()).toBeUndefined()
  })

  it('never end the process by a fault of Querylens', () => {
    const faults: unknown[] = []
    const onFault = (fault: unknown): void => void faults.push(fault)
    channels.fault.subscribe(onFault)
    open('one').run(() => {
      created.publish({
        request: {
          get origin(): string {
            throw new Error('broken')
          },
        },
      })
      sends.publish({})
    })
    channels.fault.unsubscribe(onFault)
    expect(faults).toMatchObject([{ origin: 'following a request' }])
  })

  it('are not touched on the way to a server of node:http', async () => {
    const server = createServer((request, response) => response.end(JSON.stringify(request.rawHeaders)))
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as { port: number }
    const ask = async () => await (await fetch(`http://localhost:${port}`)).text()
    const outside = await ask()
    expect(await open('one').run(ask)).toBe(outside)
    server.close()
    server.closeAllConnections()
  })
})
