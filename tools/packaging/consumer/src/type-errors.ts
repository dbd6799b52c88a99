import {
  channels,
  runInScope,
  type DetectOptions,
  type Finding,
  type FindingKind,
  type QueryExecution,
} from '@querylens/core'
import { QuerylensInstrumentation } from '@querylens/exporter'
import { startTelemetry } from '@querylens/exporter/sdk'
import { instrumentDialect, querylens, type QuerylensOptions } from '@querylens/kysely-plugin'
import { SqliteDialect } from 'kysely'

import { openSqliteDatabase } from './sqlite-database.js'

const dialect = new SqliteDialect({ database: openSqliteDatabase() })

/** Compiled and never run: each line below its comment must be a compile error. */
export const mistakes: readonly (() => unknown)[] = [
  // @ts-expect-error an unknown option
  () => querylens({ dialect }, { nameSpace: 'shop' }),
  // @ts-expect-error a connection is a string or an object
  () => instrumentDialect(dialect, { connection: 5432 }),
  // @ts-expect-error a limit has another name
  () => querylens({ dialect }, { detect: { nPlusOne: { threshold: 3 } } }),
  // @ts-expect-error an option of a kind that does not exist
  () => runInScope('job', () => undefined, { detect: { nPlusTwo: false } }),
  // @ts-expect-error a kind that does not exist
  (): FindingKind => 'n_plus_two',
  // @ts-expect-error a configuration needs a dialect
  () => querylens({}),
  // @ts-expect-error an unknown option
  () => new QuerylensInstrumentation({ querytext: false }),
  // @ts-expect-error options are true or false
  () => new QuerylensInstrumentation({ queryText: 'yes' }),
  // @ts-expect-error an unknown option
  () => startTelemetry({ service: 'shop' }),
  // @ts-expect-error options of the instrumentation are checked here as well
  () => startTelemetry({ querylens: { transactions: false } }),
  // @ts-expect-error a scope has a name
  () => runInScope(() => undefined),
]

/** The types of the messages are there: without `any`, this would compile with any property. */
export const misread = (execution: QueryExecution): unknown =>
  // @ts-expect-error no such field
  execution.shape.fingerPrint

/** Messages are read-only. */
export const overwritten = (finding: Finding): void => {
  // @ts-expect-error a subscriber must not change a count
  finding.count = 0
}

/** Code that must compile: undefined means the default, and a scope returns the result of its function. */
export const options: QuerylensOptions = { connection: { host: 'db', port: 5432 }, poolName: undefined }
export const detect: DetectOptions = {
  mode: 'throw',
  nPlusOne: { atLeast: 3 },
  largeResult: { rows: 10 },
  poolWait: false,
}
export const kinds: readonly FindingKind[] = ['n_plus_one', 'duplicate_query', 'pool_wait']
export const scoped: Promise<number> = runInScope('report', async () => 1)
export const listens: boolean = channels.query.hasSubscribers
