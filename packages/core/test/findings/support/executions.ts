import {
  createReturnedRows,
  RowMemory,
  type Row,
  type ReturnedRows,
} from '../../../src/findings/memory/returned-rows.js'
import { sampleOf, type ParameterSample } from '../../../src/findings/memory/parameter-sample.js'
import type { DatabaseInfo } from '../../../src/messages/database-info.js'
import type { QueryExecution } from '../../../src/messages/query-execution.js'
import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { traitsOf, type StatementTraits } from '../../../src/sql/tree/statement-traits.js'

export function databaseOf(system = 'postgresql'): DatabaseInfo {
  return { system, namespace: undefined, serverAddress: undefined, serverPort: undefined, poolName: system }
}

/** The message of a statement that has completed. */
export function executionOf(sql: string, system = 'postgresql'): QueryExecution {
  return {
    id: 1,
    kind: 'query',
    shape: analyzeQuery(sql, { dialect: system }),
    database: databaseOf(system),
    scope: undefined,
    transaction: undefined,
    connectionWaitMillis: undefined,
    startTimeMillis: 0,
    durationMillis: 1,
    returnedRows: undefined,
    affectedRows: undefined,
    outcome: 'completed',
    spanContext: undefined,
    failed: false,
    error: undefined,
  }
}

export function traitsOfText(sql: string): StatementTraits {
  return traitsOf(analyzeQuery(sql, { dialect: 'postgresql' }), sql)
}

/** A source without rows. */
export function sourceOf(sql: string, knownSince = 0, rememberedAt = performance.now()): ReturnedRows {
  return { ...createReturnedRows(executionOf(sql), undefined, knownSince), rememberedAt }
}

/** A memory with the rows of these statements, the oldest first. */
export function memoryOf(...results: readonly (readonly [sql: string, rows: readonly Row[]])[]): RowMemory {
  const memory = new RowMemory()
  results.forEach(([sql, rows]) => memory.add(sourceOf(sql), rows))
  return memory
}

/** Samples of sequential executions with these parameters. */
export function samplesOf(...parameters: readonly (readonly unknown[])[]): readonly ParameterSample[] {
  return parameters.map((some, index) => sampleOf(some, index + 1))
}

/** Rows of one column. */
export function column(name: string, ...values: readonly unknown[]): readonly Row[] {
  return values.map((value) => ({ [name]: value }))
}
