/** Forwards requests to another backend. */
export interface Forwarder {
  /** The first failure as a sentence; undefined without one. */
  readonly problem: string | undefined
  /** Number of requests that the other backend has accepted. */
  readonly delivered: number
  forward(path: string, headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>): void
  /** Resolves when all requests have been forwarded or have failed. */
  settled(): Promise<void>
}

const TIMEOUT_MILLIS = 5_000

/** Forwards in the background: the sender gets its response from the receiver, even if the other backend is down. */
export function createForwarder(endpoint: string, extraHeaders: Readonly<Record<string, string>>): Forwarder {
  const base = endpoint.replace(/\/+$/, '')
  const underway = new Set<Promise<void>>()
  let problem: string | undefined
  let delivered = 0

  const send = async (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
  ) => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MILLIS)
      const response = await fetch(base + path, {
        method: 'POST',
        headers: { ...headers, ...extraHeaders },
        body,
        signal,
      })
      await response.arrayBuffer()
      if (response.ok) delivered++
      // By default, Jaeger accepts only traces, so a 404 for other signals is no failure.
      else if (response.status !== 404 || path === '/v1/traces') {
        problem ??= `${base}${path} returned status ${response.status}`
      }
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
      problem ??= `${base}${path} could not be reached: ${reason}`
    }
  }
  return {
    get problem() {
      return problem
    },
    get delivered() {
      return delivered
    },
    forward(path, headers, body) {
      const sending = send(path, headers, body).finally(() => underway.delete(sending))
      underway.add(sending)
    },
    async settled() {
      await Promise.all(underway)
    },
  }
}
