import { channels, runInScope, type QueryExecution } from '@querylens/core'
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
  // @ts-expect-error a port is a number
  () => instrumentDialect(dialect, { serverPort: '5432' }),
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

/** Code that must compile: undefined means the default, and a scope returns the result of its function. */
export const options: QuerylensOptions = { namespace: undefined, serverPort: 5432 }
export const scoped: Promise<number> = runInScope('report', async () => 1)
export const listens: boolean = channels.query.hasSubscribers
