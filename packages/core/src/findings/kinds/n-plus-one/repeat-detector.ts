import type { DatabaseInfo } from '../../../messages/database-info.js'
import type { QueryShape } from '../../../sql/shape/query-shape.js'
import { captureStack } from '../../../stack/captured-stack.js'
import { isLooping } from '../../memory/looping-shapes.js'
import { createReturnedRows, isLoopSource, type Row } from '../../memory/returned-rows.js'
import type { TrackedQuery } from '../../memory/tracked-query.js'
import type { Detector, DetectorContext } from '../detector.js'
import { RepeatedStatement } from './repeated-statement.js'

const MAX_CALLED = 1_000

/** Detects loops that read, loops that write and duplicate queries: all of them are statements that repeat. */
export function detectRepeats(context: DetectorContext): Detector {
  return new RepeatDetector(context)
}

class RepeatDetector implements Detector {
  readonly #context: DetectorContext
  readonly #statements = new Map<DatabaseInfo, Map<string, RepeatedStatement>>()
  /** Fingerprints of statements that were called for the first time. */
  readonly #called = new Set<string>()

  constructor(context: DetectorContext) {
    this.#context = context
  }

  wantsCall(database: DatabaseInfo, shape: QueryShape | undefined): boolean {
    if (shape === undefined) return this.#context.capturesStacks
    const { exactFingerprint } = shape
    const statement = this.#statements.get(database)?.get(exactFingerprint)
    if (statement !== undefined) return statement.wantsCall()
    if (this.#capturesAt(shape) || this.#called.has(exactFingerprint)) return true
    if (this.#called.size < MAX_CALLED) this.#called.add(exactFingerprint)
    return false
  }

  queryStarts(query: TrackedQuery): void {
    const { database, shape } = query.execution
    const { memory, ledger } = this.#context
    let ofDatabase = this.#statements.get(database)
    if (ofDatabase === undefined) this.#statements.set(database, (ofDatabase = new Map()))
    const statement = ofDatabase.get(shape.exactFingerprint)
    if (statement !== undefined) {
      query.follow(statement)
      if (statement.mayWrite) memory.mayHaveWritten(query, query.at)
      statement.repeat(query)
    } else if (memory.statements.take()) {
      ofDatabase.set(shape.exactFingerprint, this.#begin(query))
    } else ledger.noteLost()
  }

  rowsArrive(query: TrackedQuery, rows: readonly unknown[]): void {
    const { rows: memory, begun } = this.#context.memory
    if (query.returned !== undefined) return memory.extend(query.returned, rows as readonly Row[])
    const { execution } = query
    if (rows.length === 0 || (execution.kind !== 'stream' && !isLoopSource(rows))) return
    const stack = this.#capturesAt(execution.shape) ? (query.call ?? captureStack()) : undefined
    query.returned = createReturnedRows(execution, stack, begun)
    memory.add(query.returned, rows as readonly Row[])
  }

  queryEnds(query: TrackedQuery, rows: readonly unknown[] | undefined): void {
    query.passRows(rows)
  }

  scopeEnds(): void {
    for (const ofDatabase of this.#statements.values()) {
      for (const statement of ofDatabase.values()) statement.scopeEnds()
    }
    if (!this.#context.ledger.hasRefused) this.#statements.clear()
  }

  queryStartsLate(query: TrackedQuery): void {
    const { database, shape } = query.execution
    this.#statements.get(database)?.get(shape.exactFingerprint)?.refuseLate(query)
  }

  #begin(query: TrackedQuery): RepeatedStatement {
    if (this.#capturesAt(query.execution.shape)) query.stack = query.call ?? captureStack(query.entryPoint)
    const statement = new RepeatedStatement(query, this.#context)
    query.follow(statement)
    if (statement.mayWrite) this.#context.memory.mayHaveWritten(query, query.at)
    return statement
  }

  #capturesAt(shape: QueryShape): boolean {
    return this.#context.capturesStacks || isLooping(shape)
  }
}
