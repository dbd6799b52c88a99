import { analyzeQuery, channels, type QueryExecution } from '@querylens/core'
import { activateIn, type ExecutionHandlers } from '@querylens/core/recorder'
import { Kysely, type Dialect, type LogEvent } from 'kysely'
import { describe, expect, it, vi } from 'vitest'

import { querylens } from '../../src/index.js'
import type { Database } from '../support/database.js'

/** A dialect on a database with the test's tables in it, and what really reaches that database. */
export interface ContractSubject {
  readonly dialect: Dialect
  /** Each statement that the driver has sent, in order; emptied before a case. */
  readonly statements: string[]
}

/** What a case may use beside its `db`. */
export interface ContractTools {
  /** Notes something that the application could observe; compared in order. */
  observe(what: unknown): void
  /** Until a statement with this in it has been sent. */
  reached(part: string): Promise<void>
}

/** One way of using Kysely; what it returns or throws is compared. */
export interface ContractCase {
  readonly name: string
  /** For queries on several connections at once, whose answers come in any order. */
  readonly anyOrder?: boolean
  run(db: Kysely<Database>, tools: ContractTools): Promise<unknown>
}

interface Observation {
  readonly outcome: unknown
  readonly observed: readonly unknown[]
  readonly log: readonly unknown[]
  readonly statements: readonly string[]
}

/** What listens while a case runs; the application must not be able to tell. */
const AUDIENCES: readonly {
  readonly name: string
  readonly handlers: ExecutionHandlers<object> | undefined
}[] = [
  { name: 'nobody listens', handlers: undefined },
  { name: 'a subscriber listens', handlers: { start() {}, asyncEnd() {} } },
  {
    name: 'every subscriber throws',
    handlers: { start: fail, end: fail, error: fail, asyncStart: fail, asyncEnd: fail },
  },
  {
    name: 'a subscriber runs the driver in a context of its own',
    handlers: {
      start(message) {
        activateIn(message, (operation) => operation())
      },
    },
  },
]

/**
 * Runs every case over a bare and over an instrumented Kysely, and compares everything that an application
 * can observe: results, errors, log events, and what reaches the database, in order.
 */
export function describeConnectionContract(
  name: string,
  open: () => Promise<ContractSubject>,
  cases: readonly ContractCase[],
): void {
  describe(`connection contract over ${name}`, () => {
    for (const { name: audience, handlers } of AUDIENCES) {
      describe(`while ${audience}`, () => {
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

    it.each(cases)('shows each statement exactly once: $name', async (contractCase) => {
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

/** All of an error but its stack, whose frames differ by ours; the test of stacks is one of its own. */
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

/** Migrations are stamped with the time they ran at. */
function withoutTime(parameter: unknown): unknown {
  return typeof parameter === 'string' ? parameter.replace(/^\d{4}-\d\d-\d\dT.*Z$/, 'a time') : parameter
}

/** Kysely cancels over a connection of its own, past the pool and the driver. */
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
