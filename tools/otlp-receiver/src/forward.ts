/** Passes requests on to another backend. */
export interface Forwarder {
  /** The first fault as a sentence, undefined while all goes well. */
  readonly problem: string | undefined
  /** How many requests the other backend has taken. */
  readonly delivered: number
  forward(path: string, headers: Readonly<Record<string, string>>, body: Uint8Array<ArrayBuffer>): void
  /** Settles when nothing is on its way any more. */
  settled(): Promise<void>
}

const TIMEOUT_MILLIS = 5_000

/** A backend that is down costs the sender nothing: it got its answer from us, and the fault is kept. */
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
      // Jaeger takes traces only, by default; that is no fault of the endpoint.
      else if (response.status !== 404 || path === '/v1/traces') {
        problem ??= `${base}${path} answered with status ${response.status}`
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
