import { channel } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

import { reportFault } from '../messages/faults.js'
import { processState } from '../process-state.js'
import type { Capture } from './capture.js'
import { captureHere, innermostOpen, noteIdle } from './captures.js'

/** A request that this process has sent while a capture was open. */
interface SentRequest {
  /** The capture that it was sent from. */
  readonly capture: Capture | undefined
  /** The host and port that it goes to. */
  host(): string
  /** Whether a server of this process may get it, as far as its host and its protocol tell. */
  isForServer(): boolean
  /** The client's end of its connection; `undefined` while it waits for one. */
  socket(): Socket | null | undefined
  /** Whether a response has begun to arrive, or the request has failed. */
  isAnswered(): boolean
}

const state = processState('sentRequests', () => ({
  /** Number of open captures. */
  uses: 0,
  /** Unsubscribes the listeners of the copy that subscribed. */
  unsubscribe: () => {},
  /** Requests that no server of this process has started yet, in the order in which they went over their connections. */
  pending: new Set<SentRequest>(),
  ofUndici: new WeakMap<UndiciRequest, UndiciSentRequest>(),
}))

/**
 * Follows requests from the capture that they are sent from to a server in this process: those of `node:http` and
 * `node:https`, of `fetch` and of the package undici, with all libraries on top of them.
 *
 * Both ends of a connection know its addresses and ports, and no other connection of the machine has the same ones. So the
 * server's request finds the client's request that uses this connection now. Neither of them is changed, and a request is
 * followed over any connection, whoever opened it. It is not followed over a Unix socket, whose client has no address, over
 * HTTP/2, or after an upgrade.
 *
 * @returns a function that ends it for this capture
 */
export function followRequests(): () => void {
  if (state.uses++ === 0) state.unsubscribe = subscribe()
  return () => {
    for (const sent of state.pending) {
      // The server still gets those that have a connection, and must not take the next request over it for them.
      const isOver = sent.capture !== undefined && innermostOpen(sent.capture) === undefined
      if (isOver && !hasConnection(sent)) state.pending.delete(sent)
    }
    if (--state.uses > 0) return
    state.unsubscribe()
    state.pending.clear()
  }
}

/** The capture that a request to a server of this process was sent from: the innermost open one, or the one that has ended. */
export function captureOfSender({ socket }: IncomingMessage): Capture | undefined {
  if (state.pending.size === 0) return undefined
  for (const sent of state.pending) {
    if (sent.isAnswered()) state.pending.delete(sent)
    else if (areEndsOfOne(sent.socket(), socket)) {
      // The next request over this connection is another one. With pipelining, it is pending by now.
      state.pending.delete(sent)
      return innermostOpen(sent.capture) ?? sent.capture
    }
  }
  return undefined
}

/** The hosts of the requests of a capture that may still arrive at a server of this process, and have no response. */
export function awaitedHosts(capture: Capture): readonly string[] {
  return [...state.pending]
    .filter((sent) => isSentFrom(capture, sent) && sent.isForServer() && !sent.isAnswered())
    .map((sent) => sent.host())
}

function isSentFrom(capture: Capture, sent: SentRequest): boolean {
  let at = sent.capture
  while (at !== undefined && at !== capture) at = at.parent
  return at === capture
}

function hasConnection(sent: SentRequest): boolean {
  const socket = sent.socket()
  return socket !== null && socket !== undefined
}

function areEndsOfOne(client: Socket | null | undefined, server: Socket): boolean {
  return (
    client !== null &&
    client !== undefined &&
    client.localPort !== undefined &&
    client.localPort === server.remotePort &&
    client.remotePort === server.localPort &&
    plainAddress(client.localAddress) === plainAddress(server.remoteAddress) &&
    plainAddress(client.remoteAddress) === plainAddress(server.localAddress)
  )
}

/** A server that listens for IPv6 sees the addresses of IPv4 as `::ffff:127.0.0.1`. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? address.slice('::ffff:'.length) : address
}

/** Whether a host is this machine, by its name. */
const LOCAL = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)$/i

/** A request of `node:http`. Node has one request at a time on a connection, and gives it the socket then. */
class NodeSentRequest implements SentRequest {
  readonly capture: Capture
  readonly #request: ClientRequest & { readonly res?: unknown; readonly socketPath?: unknown }

  constructor(request: ClientRequest, capture: Capture) {
    this.capture = capture
    this.#request = request
  }

  host(): string {
    return String(this.#request.getHeader('host') ?? this.#request.host)
  }

  isForServer(): boolean {
    const { host, socketPath } = this.#request
    return LOCAL.test(host) && typeof socketPath !== 'string' && !this.#request.hasHeader('upgrade')
  }

  socket(): Socket | null | undefined {
    return this.#request.socket
  }

  isAnswered(): boolean {
    const { destroyed, res } = this.#request
    return destroyed || (res !== null && res !== undefined)
  }
}

/** @see https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md */
interface UndiciRequest {
  readonly origin?: unknown
  /** The other protocol that it asks for. */
  readonly upgrade?: unknown
}

/** A request of undici, which names the socket when it sends the headers, possibly several times. */
class UndiciSentRequest implements SentRequest {
  readonly capture: Capture | undefined
  readonly #url: URL | null
  readonly #isUpgrade: boolean
  #socket: Socket | undefined
  #isAnswered = false

  constructor({ origin, upgrade }: UndiciRequest, capture: Capture | undefined) {
    this.capture = capture
    this.#url = URL.parse(String(origin))
    // Versions before 8 publish no answer to it.
    this.#isUpgrade = typeof upgrade === 'string'
  }

  sends(socket: Socket): void {
    this.#socket = socket
  }

  host(): string {
    return this.#url?.host ?? ''
  }

  isForServer(): boolean {
    const isOverUnixSocket = this.#socket?.connecting === false && this.#socket.remotePort === undefined
    return LOCAL.test(this.#url?.hostname ?? '') && !this.#isUpgrade && !isOverUnixSocket
  }

  answered(): void {
    this.#isAnswered = true
  }

  socket(): Socket | undefined {
    return this.#socket
  }

  isAnswered(): boolean {
    return this.#isAnswered
  }
}

/** Node and undici publish the first two in the context of the call that sends the request. */
const listeners: Readonly<Record<string, (message: never) => void>> = {
  'http.client.request.created': ({ request }: { readonly request: ClientRequest }): void => {
    const capture = captureHere()
    if (capture !== undefined) state.pending.add(new NodeSentRequest(request, capture))
  },
  'undici:request:create': ({ request }: { readonly request: UndiciRequest }): void => {
    const sent = new UndiciSentRequest(request, captureHere())
    state.ofUndici.set(request, sent)
    if (sent.capture !== undefined) state.pending.add(sent)
  },
  'undici:client:sendHeaders': (message: {
    readonly request: UndiciRequest
    readonly socket: Socket
  }): void => {
    const { request, socket } = message
    const sent = state.ofUndici.get(request) ?? new UndiciSentRequest(request, undefined)
    sent.sends(socket)
    // At the end: undici pipelines, also requests from outside any capture.
    state.pending.delete(sent)
    state.pending.add(sent)
    // A capture may have waited to learn of the connection.
    if (!sent.isForServer()) noteIdleOf([sent])
  },
  'undici:request:headers': onAnswer,
  'undici:request:error': onAnswer,
  'http.client.response.finish': noteAnswers,
  'http.client.request.error': noteAnswers,
}

function onAnswer({ request }: { readonly request: UndiciRequest }): void {
  state.ofUndici.get(request)?.answered()
  noteAnswers()
}

/** A capture may wait for these requests alone. */
function noteAnswers(): void {
  const answered = [...state.pending].filter((sent) => sent.isAnswered())
  for (const sent of answered) state.pending.delete(sent)
  noteIdleOf(answered)
}

function noteIdleOf(requests: readonly SentRequest[]): void {
  const waiting = new Set<Capture>()
  for (const { capture } of requests) for (let at = capture; at !== undefined; at = at.parent) waiting.add(at)
  for (const capture of waiting) noteIdle(capture)
}

/** A fault in a listener must not reach the application: Node makes it an uncaught exception. */
function subscribe(): () => void {
  const unsubscribers = Object.entries(listeners).map(([name, listen]) => {
    const listener = (message: unknown): void => {
      try {
        listen(message as never)
      } catch (fault) {
        reportFault('following a request', fault)
      }
    }
    channel(name).subscribe(listener)
    return () => channel(name).unsubscribe(listener)
  })
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe()
  }
}
