import {
  channels,
  type ConnectionUse,
  type DatabaseInfo,
  type Finding,
  type FindingKind,
  type QueryExecution,
} from '@querylens/core'
import {
  captureOf,
  isRecord,
  countUnrecordedStatements,
  findingKinds,
  type Capture,
  type CapturedStatement,
  type CaptureObserver,
  type UnrecordedStatements,
} from '@querylens/core/internal'

import { RecordedQuery } from './captured-query.js'
import type { FailedConnections, OutsideQueries, UndetectedKinds } from './captured-queries.js'
import { Wording } from './wording.js'

/** A test shows some executions of a statement. The others count, and keep no stack. */
const MAX_STACKS = 20

/** What a recorder does beside recording. */
export interface RecorderHooks {
  readonly keepsParameters: boolean
  /** Is called with the number of queries so far before each is sent. @throws QuerylensError to refuse it */
  readonly admit: (query: RecordedQuery, count: number) => void
  /** The first query that starts after the end of the capture. */
  readonly startedLate: (query: RecordedQuery) => void
}

/** Records the queries and findings of one capture. */
export class CaptureRecorder implements CaptureObserver {
  readonly queries: RecordedQuery[] = []
  readonly late: RecordedQuery[] = []
  readonly #hooks: RecorderHooks
  readonly #findings = new Map<number, Finding>()
  readonly #undetected = new Map<DatabaseInfo, Set<FindingKind>>()
  readonly #outside = new Map<DatabaseInfo, OutsideQueries>()
  readonly #failedConnections = new Map<DatabaseInfo, Map<string | undefined, number>>()
  readonly #running = new Map<QueryExecution, RecordedQuery>()
  readonly #executions = new Map<string, number>()
  readonly #wordings = new Map<string, Wording>()
  readonly #whenRefused = Promise.withResolvers<void>()
  #capture: Capture | undefined
  #hasWarned = false
  #unrecorded: UnrecordedStatements | undefined
  #refusal: { readonly error: unknown } | undefined

  constructor(hooks: RecorderHooks) {
    this.#hooks = hooks
  }

  /** Resolves with the first call that Querylens rejects. */
  get whenRefused(): Promise<void> {
    return this.#whenRefused.promise
  }

  /** The error of the first call that Querylens rejected. */
  get refusal(): { readonly error: unknown } | undefined {
    return this.#refusal
  }

  get findings(): readonly Finding[] {
    return [...this.#findings.values()]
  }

  get undetected(): readonly UndetectedKinds[] {
    return [...this.#undetected].map(([database, kinds]) => ({ database, kinds: [...kinds] }))
  }

  get outside(): readonly OutsideQueries[] {
    return [...this.#outside.values()]
  }

  get failedConnections(): readonly FailedConnections[] {
    return [...this.#failedConnections].flatMap(([database, codes]) =>
      [...codes].map(([code, count]) => ({ database, count, code })),
    )
  }

  get unrecorded(): ReadonlyMap<string, number> {
    return this.#unrecorded?.byDriver ?? new Map()
  }

  /** Listens to the findings of the capture, and to the queries beside it. */
  open(capture: Capture): void {
    this.#capture = capture
    channels.findingOpened.subscribe(this.#onFinding)
    channels.finding.subscribe(this.#onFinding)
    channels.query.subscribe(this.#onQuery)
    channels.connection.subscribe(this.#onConnection)
    this.#unrecorded = countUnrecordedStatements()
  }

  /** Queries that run still are late. */
  close(): void {
    channels.findingOpened.unsubscribe(this.#onFinding)
    channels.finding.unsubscribe(this.#onFinding)
    channels.query.unsubscribe(this.#onQuery)
    channels.connection.unsubscribe(this.#onConnection)
    this.#unrecorded?.stop()
    this.late.push(...this.#running.values())
    this.#running.clear()
  }

  queryStarts(statement: CapturedStatement, isOpen: boolean): void {
    const { execution, limits } = statement
    const { fingerprint } = execution.shape
    const executions = (this.#executions.get(fingerprint) ?? 0) + 1
    this.#executions.set(fingerprint, executions)
    const wording = this.#wordings.get(fingerprint) ?? new Wording(execution.shape, statement.sql)
    this.#wordings.set(fingerprint, wording)
    const { keepsParameters } = this.#hooks
    const query = new RecordedQuery(statement, keepsParameters, executions <= MAX_STACKS, wording)
    if (isOpen) {
      this.queries.push(query)
      this.#running.set(execution, query)
      this.#noteUndetected(execution.database, limits)
      this.#hooks.admit(query, this.queries.length)
    } else {
      this.late.push(query)
      if (this.#refusal !== undefined) this.#hooks.admit(query, this.queries.length + this.late.length)
      if (this.#hasWarned) return
      this.#hasWarned = true
      this.#hooks.startedLate(query)
    }
  }

  queryEnds(execution: QueryExecution): void {
    this.#running.delete(execution)
  }

  refused(error: unknown): void {
    this.#refusal ??= { error }
    this.#whenRefused.resolve()
  }

  #noteUndetected(database: DatabaseInfo, limits: CapturedStatement['limits']): void {
    for (const { kind } of findingKinds) {
      if (limits?.[kind] !== undefined) continue
      const kinds = this.#undetected.get(database) ?? new Set()
      this.#undetected.set(database, kinds.add(kind))
    }
  }

  /** Keeps the object of a finding, which gets its final figures when its scope ends. */
  readonly #onFinding = (finding: Finding): void => {
    if (this.#isInside(captureOf(finding.scope))) this.#findings.set(finding.id, finding)
  }

  readonly #onQuery: { readonly start: (execution: QueryExecution) => void } = {
    start: ({ kind, scope, database, shape }) => {
      if (kind === 'transaction_control' || this.#isInside(captureOf(scope))) return
      const { count = 0, ...first } = this.#outside.get(database) ?? {
        scopeName: scope?.name,
        summary: shape.summary,
      }
      this.#outside.set(database, { database, ...first, count: count + 1 })
    },
  }

  readonly #onConnection: { readonly error: (use: ConnectionUse) => void } = {
    error: ({ scope, database, error }) => {
      if (!this.#isInside(captureOf(scope))) return
      const code = codeOf(error)
      const codes = this.#failedConnections.get(database) ?? new Map<string | undefined, number>()
      this.#failedConnections.set(database, codes.set(code, (codes.get(code) ?? 0) + 1))
    },
  }

  #isInside(capture: Capture | undefined): boolean {
    for (let at = capture; at !== undefined; at = at.parent) if (at === this.#capture) return true
    return false
  }
}

/** The code of an error. The message may hold a value, such as a password in an address. */
function codeOf(error: unknown): string | undefined {
  const code = isRecord(error) ? error['code'] : undefined
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined
}
