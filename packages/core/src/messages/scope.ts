/**
 * The origin of a scope: `runInScope`, an HTTP request of a `node:http` server, or queries that run in the context of a
 * scope that has ended, such as those of a timer, or of a handler after its response.
 */
export type ScopeKind = 'custom' | 'http' | 'later'

/** An HTTP request, a job, a message from a queue, a test. Querylens counts and checks queries within one scope. */
export interface Scope {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: ScopeKind
  /**
   * `nightly-report`. A request has the name of its route, `GET /orders/:id`, as soon as Fastify or Express has found
   * it, or `setRoute` was called, and `GET /orders/…` until then. It never holds the value of an identifier. A scope of
   * the kind `later` has the name of the scope that has ended, and ` (later)`.
   */
  readonly name: string
  /** Whether the application or a route gave the name, rather than the path that a client sent. */
  readonly isNamed: boolean
  /**
   * The scope in which this one was opened, while this one is open. A request has none, unless a capture of a test follows
   * it: then it is the scope of the capture. A scope of the kind `later` has the ended scope whose work goes on here. Each
   * query belongs to the innermost scope alone.
   */
  readonly parent: Scope | undefined
  /** Milliseconds since the epoch. */
  readonly startTimeMillis: number
  /**
   * Statements that the application sent; statements that begin and end transactions do not count. A scope of the kind
   * `custom` always counts. A scope of another kind counts from its start to its end if something recorded queries when it
   * opened; otherwise its three figures stay `undefined`.
   */
  readonly queryCount: number | undefined
  /** Those of them that failed. `undefined` as {@link queryCount} is. */
  readonly failedQueryCount: number | undefined
  /** Sum of the durations of all queries, in milliseconds. With concurrent queries it may exceed the scope's duration. */
  readonly queryDurationMillis: number | undefined
  /** A query that is sent after the end of its scope belongs to another one, of the kind `later`. */
  readonly ended: boolean
}

/** The message of `querylens:scope:start`, before the work of `runInScope` or the queries of a later scope begin. */
export interface ScopeOpening {
  readonly scope: Scope
}

/** The message of `querylens:scope`, published once when a scope ends. */
export interface ScopeSummary {
  readonly scope: Scope
  /** In milliseconds; of the kind `later` until its last query ended. */
  readonly durationMillis: number
  /** Whether the work of `runInScope` threw, or its promise was rejected. Querylens does not know it for requests. */
  readonly failed: boolean
  /** The error of the work. */
  readonly error: unknown
}
