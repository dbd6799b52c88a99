import { analyzeQuery, channels, type ExecutionHandlers, type QueryExecution } from '@querylens/core'
import { activateIn } from '@querylens/core/recorder'
import { Kysely, type Dialect, type LogEvent } from 'kysely'
import { describe, expect, it, vi } from 'vitest'

import { querylens } from '../../src/index.js'
import type { Database } from '../support/database.js'

/** A dialect on a database with the tables of the test, and the statements that reach the database. */
export interface ContractSubject {
  readonly dialect: Dialect
  /** The statements that the driver has sent, in order. The contract empties the list before a case. */
  readonly statements: string[]
}

/** The tools of a case besides its `db`. */
export interface ContractTools {
  /** Notes a value that the application can observe. The contract compares the values in order. */
  observe(what: unknown): void
  /** Resolves when the driver has sent a statement that contains `part`. */
  reached(part: string): Promise<void>
}

/** One use of Kysely. The contract compares the result or the error. */
export interface ContractCase {
  readonly name: string
  /** Whether the order of log events is ignored, for queries on several connections at once. */
  readonly anyOrder?: boolean
  run(db: Kysely<Database>, tools: ContractTools): Promise<unknown>
}

interface Observation {
  readonly outcome: unknown
  readonly observed: readonly unknown[]
  readonly log: readonly unknown[]
  readonly statements: readonly string[]
}

/** The subscribers during a case. None of them may change what the application observes. */
const SUBSCRIPTIONS: readonly {
  readonly name: string
  readonly handlers: ExecutionHandlers<object> | undefined
}[] = [
  { name: 'nothing subscribes', handlers: undefined },
  { name: 'a subscriber listens', handlers: { start() {}, asyncEnd() {} } },
  {
    name: 'every subscriber throws',
    handlers: { start: fail, end: fail, error: fail, asyncStart: fail, asyncEnd: fail },
  },
  {
    name: 'a subscriber chooses the context of the driver',
    handlers: {
      start(message) {
        activateIn(message, (operation) => operation())
      },
    },
  },
]

/**
 * Runs every case over a bare and over an instrumented Kysely, and compares everything that an application can observe:
 * results, errors, log events, and the statements that reach the database, in order.
 */
export function describeConnectionContract(
  name: string,
  open: () => Promise<ContractSubject>,
  cases: readonly ContractCase[],
): void {
  describe(`connection contract over ${name}`, () => {
    for (const { name: subscription, handlers } of SUBSCRIPTIONS) {
      describe(`while ${subscription}`, () => {
        it.each(cases)('$name', async (contractCase) => {
          const bare = await observe(
            await open(),
            contractCase,
            (dialect, log) => new Kysely({ dialect, log }),
          )
          const unsubscribe = listen(handlers)
          const instrumented = await observe(
            await open(),
            contractCase,
            (dialect, log) => new Kysely(querylens({ dialect, log })),
          ).finally(unsubscribe)
          expect(instrumented).toEqual(bare)
        })
      })
    }

    it.each(cases)('publishes each statement exactly once: $name', async (contractCase) => {
      const seen: QueryExecution[] = []
      const handlers: ExecutionHandlers<QueryExecution> = { start: (execution) => void seen.push(execution) }
      const subject = await open()
      channels.query.subscribe(handlers)
      await observe(subject, contractCase, (dialect) => new Kysely(querylens({ dialect }))).finally(() =>
        channels.query.unsubscribe(handlers),
      )
      const dialect = seen[0]?.database.system
      const sent = subject.statements.filter(isOfTheApplication).map((sql) => analyzeQuery(sql, { dialect }))
      expect(seen.map(({ shape }) => shape)).toEqual(sent)
    })
  })
}

async function observe(
  { dialect, statements }: ContractSubject,
  { run, anyOrder }: ContractCase,
  create: (dialect: Dialect, log: (event: LogEvent) => void) => Kysely<Database>,
): Promise<Observation> {
  const log: unknown[] = []
  const observed: unknown[] = []
  const db = create(dialect, (event) => {
    const isStream = event.level === 'query' ? event.isStream : undefined
    const parameters = event.query.parameters.map(withoutTime)
    log.push({ level: event.level, sql: event.query.sql, parameters, isStream })
  })
  statements.length = 0
  const outcome = await run(db, {
    observe: (what) => void observed.push(what),
    reached: reachedIn(statements),
  }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error: describeError(error) }),
  )
  const reached = [...statements]
  await db.destroy().catch(() => {})
  if (anyOrder) log.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  return { outcome, observed, log, statements: reached.map(withoutProcessId) }
}

/** All fields of an error except its stack, which has frames of Querylens. Another test covers stacks. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, constructor } = error
  const { code, detail, severity, cause } = error as Error & Readonly<Record<string, unknown>>
  return { class: constructor.name, name, message, code, detail, severity, cause: describeError(cause) }
}

function listen(handlers: ExecutionHandlers<object> | undefined): () => void {
  if (handlers === undefined) return () => {}
  const subscribed = [channels.query, channels.transaction, channels.connection]
  for (const channel of subscribed) channel.subscribe(handlers)
  return () => {
    for (const channel of subscribed) channel.unsubscribe(handlers)
  }
}

function fail(): never {
  throw new Error('a subscriber failed')
}

/** Replaces the times at which migrations ran. */
function withoutTime(parameter: unknown): unknown {
  return typeof parameter === 'string' ? parameter.replace(/^\d{4}-\d\d-\d\dT.*Z$/, 'a time') : parameter
}

/** Kysely cancels over a separate connection, outside the pool and the driver. */
function isOfTheApplication(sql: string): boolean {
  return !/^select pg_(cancel|terminate)_backend\(\d+\)$/.test(sql)
}

function withoutProcessId(sql: string): string {
  return sql.replace(/^(select pg_\w+_backend)\(\d+\)$/, '$1')
}

function reachedIn(statements: readonly string[]): (part: string) => Promise<void> {
  return (part) =>
    vi
      .waitUntil(() => statements.some((statement) => statement.includes(part)), {
        interval: 2,
        timeout: 20_000,
      })
      .then(() => {})
}
