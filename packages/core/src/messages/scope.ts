import type { Activatable } from './activate.js'

/** How a scope came to be: by {@link runInScope}, or by an HTTP request of a `node:http` server. */
export type ScopeKind = 'custom' | 'http'

/** A unit of work: an HTTP request, a job, a test. Queries are counted and judged within one. */
export interface Scope {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: ScopeKind
  /**
   * `nightly-report`, or for a request its route, `GET /orders/:id`, from the moment that Fastify or Express has
   * found it, and `GET /orders/…` before that and without them: never the value of an identifier.
   */
  name: string
  /** Whether the name is one of few, given by the application or by a route, rather than by what a client has sent. */
  isNamed: boolean
  /**
   * The scope that this one was opened in, as long as this one is open; a request has none. Each query belongs
   * to the innermost scope alone.
   */
  parent: Scope | undefined
  /** Milliseconds since the epoch. */
  readonly startTimeMillis: number
  /** Statements that the application sent; those that begin and end transactions are not counted. */
  queryCount: number
  failedQueryCount: number
  /** Summed over the queries, in milliseconds: more than the scope's own duration where they ran side by side. */
  queryDurationMillis: number
  /** A query that runs after the end of its scope belongs to none. */
  ended: boolean
}

/** The message of `querylens:scope:start`, published by {@link runInScope} before the work begins. */
export interface ScopeOpening extends Activatable {
  readonly scope: Scope
}

/** What a scope did, published once on `querylens:scope` when it ends. */
export interface ScopeSummary {
  readonly scope: Scope
  /** In milliseconds. */
  readonly durationMillis: number
  /** Whether the work of {@link runInScope} threw, or its promise was rejected; of a request it is not known. */
  readonly failed: boolean
  /** What it threw. */
  readonly error: unknown
}
