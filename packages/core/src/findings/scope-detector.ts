import type { DatabaseInfo } from '../messages/database-info.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { TransactionExecution } from '../messages/transaction-execution.js'
import type { Scope } from '../messages/scope.js'
import { traitsOf, type StatementTraits } from '../sql/tree/statement-traits.js'
import { captureStack } from '../stack/captured-stack.js'
import { ChattyScope } from './kinds/chatty-scope.js'
import { FindingLedger } from './report/finding-ledger.js'
import type { ResolvedFindingOptions } from './policy/finding-options.js'
import { isIgnoring } from './policy/ignore.js'
import { LargeResults } from './kinds/large-result.js'
import { PoolWaits } from './kinds/pool-wait.js'
import { createReturnedRows, isSeveral, RowMemory, type Row } from './memory/returned-rows.js'
import { SlowTransactions } from './kinds/slow-transactions.js'
import { RepeatedStatement, type ScopeMemory } from './kinds/n-plus-one/repeated-statement.js'
import type { StartingQuery, TrackedQuery } from './tracked-query.js'
import { TableWrites } from './memory/table-writes.js'

const MAX_STATEMENTS = 1_000
const MAX_SITES = 1_000
const MAX_KEYS = 50_000
const MAX_ANSWERS = 5_000

/** Tables that no application is at fault for: catalogs, and those of Kysely's migrations. */
const SYSTEM_TABLE = /^(?:pg_|information_schema|sqlite_|kysely_migration)|\.(?:pg_|kysely_migration)/

/**
 * Of the scopes of a process the first hundred, and every sixteenth after them, have the stacks captured of whatever
 * may become part of a loop. The others have them of what has been part of one in some scope: a healthy scope pays
 * nothing for them.
 */
const samplesStacks = ({ id }: Scope): boolean => id <= 100 || id % 16 === 0

/** The shapes of statements that repeat themselves, or whose rows a loop runs over, somewhere in this process. */
const loopingShapes = new WeakSet<object>()

/**
 * Follows the statements of one scope, one constant step for each, and opens findings. Keeps keys of parameters and rows
 * within bounds, to compare them; they go with the scope and never become part of a message.
 */
export class ScopeDetector {
  readonly options: ResolvedFindingOptions
  readonly #ledger: FindingLedger
  readonly #statements = new Map<DatabaseInfo, Map<string, RepeatedStatement>>()
  readonly #memory: ScopeMemory
  readonly #chattiness: ChattyScope
  readonly #results: LargeResults
  readonly #transactions: SlowTransactions
  readonly #poolWaits: PoolWaits
  readonly #captures: boolean
  /** Transactions that have written what others see when they end. */
  readonly #writers = new WeakSet<TransactionExecution>()
  /** How many statements have begun. */
  #begun = 0
  #statementCount = 0

  constructor(scope: Scope, options: ResolvedFindingOptions) {
    const ledger = new FindingLedger(scope, options)
    this.options = options
    this.#ledger = ledger
    this.#memory = {
      options,
      ledger,
      rows: new RowMemory(),
      writes: new TableWrites(),
      sitesLeft: MAX_SITES,
      keysLeft: MAX_KEYS,
      answersLeft: MAX_ANSWERS,
      explained: 0,
      markAsLooping: (shape) => void loopingShapes.add(shape),
    }
    this.#chattiness = new ChattyScope(scope, options.chattyScope, ledger)
    this.#results = new LargeResults(options.largeResult, ledger)
    this.#transactions = new SlowTransactions(options, ledger)
    this.#poolWaits = new PoolWaits(options.poolWaitMillis, ledger)
    this.#captures = options.alwaysCaptures || samplesStacks(scope)
  }

  /** Takes a statement up that is about to be sent. */
  open(query: StartingQuery): TrackedQuery {
    return {
      execution: query.execution,
      sql: query.sql,
      parameters: query.parameters,
      nameInCode: query.nameInCode,
      startedAt: query.startedAt,
      entryPoint: query.entryPoint,
      at: this.#begun++,
      stack: undefined,
      durationMillis: undefined,
      site: undefined,
      duplicates: undefined,
      statement: undefined,
      isJudged: isJudged(query.execution) && !isIgnoring(),
      isExplained: false,
      comparison: undefined,
      source: undefined,
    }
  }

  /**
   * Judges a statement that is about to be sent.
   *
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  begin(step: TrackedQuery): void {
    const { shape, database, transaction } = step.execution
    const { writes } = this.#memory
    writes.note(shape, step.at)
    if (transaction !== undefined && shape.kind !== 'select') this.#writers.add(transaction)
    if (!step.isJudged) return
    let ofDatabase = this.#statements.get(database)
    if (ofDatabase === undefined) this.#statements.set(database, (ofDatabase = new Map()))
    const statement = ofDatabase.get(shape.fingerprint)
    if (statement !== undefined) {
      step.statement = statement
      if (statement.mayWrite) this.#noteUnknown(step, step.at)
      statement.repeat(step)
    } else if (this.#statementCount < MAX_STATEMENTS) this.#beginStatement(step, ofDatabase)
    else if (this.#statementCount++ === MAX_STATEMENTS) this.#ledger.noteLost()
    this.#chattiness.count(
      step,
      () => this.#memory.explained,
      () => this.#allStatements(),
    )
  }

  /** Rows have arrived: all of them, or a chunk of a stream. */
  takeRows(step: TrackedQuery, rows: readonly unknown[]): void {
    const { rows: memory } = this.#memory
    if (step.source !== undefined) return memory.extend(step.source, rows as readonly Row[])
    const { execution } = step
    if (rows.length === 0 || (execution.kind !== 'stream' && !isSeveral(rows))) return
    const stack = this.#captures || loopingShapes.has(execution.shape) ? captureStack() : undefined
    step.source = createReturnedRows(execution, stack, this.#begun)
    memory.add(step.source, rows as readonly Row[])
  }

  /** A statement is over, whatever its outcome; its message is complete. */
  end(step: TrackedQuery, rows: readonly unknown[] | undefined): void {
    const { execution, statement } = step
    const { shape } = execution
    const durationMillis = execution.durationMillis ?? 0
    const now = step.startedAt + durationMillis
    step.durationMillis = durationMillis
    step.site?.end(step, now, durationMillis)
    step.duplicates?.end(now, durationMillis)
    // What has begun until now may have seen it, or not.
    const latest = this.#begun - 1
    this.#memory.writes.note(shape, latest)
    if (statement?.mayWrite === true) this.#noteUnknown(step, latest)
    if (rows !== undefined && step.isJudged) this.#results.judge(execution, rows, () => traitsAt(step))
    statement?.end(step)
    step.source = undefined
  }

  /** A connection was handed out after a wait. */
  connectionWaited(database: DatabaseInfo, waitMillis: number): void {
    if (!isIgnoring()) this.#poolWaits.add(database, waitMillis)
  }

  /** A transaction is over; its message is complete. */
  endTransaction(transaction: TransactionExecution): void {
    if (this.#writers.has(transaction)) this.#memory.writes.noteUnknown(this.#begun - 1)
    if (!isIgnoring()) this.#transactions.judge(transaction)
  }

  /** The scope has ended. */
  close(durationMillis: number): void {
    for (const statement of this.#allStatements()) statement.close()
    this.#ledger.close(durationMillis)
    this.#statements.clear()
  }

  #beginStatement(step: TrackedQuery, ofDatabase: Map<string, RepeatedStatement>): void {
    const { shape } = step.execution
    this.#statementCount++
    if (this.#captures || loopingShapes.has(shape)) step.stack = captureStack(step.entryPoint)
    const statement = new RepeatedStatement(step, this.#memory)
    step.statement = statement
    ofDatabase.set(shape.fingerprint, statement)
    if (statement.mayWrite) this.#noteUnknown(step, step.at)
  }

  #noteUnknown({ execution: { transaction } }: TrackedQuery, at: number): void {
    this.#memory.writes.noteUnknown(at)
    if (transaction !== undefined) this.#writers.add(transaction)
  }

  *#allStatements(): Generator<RepeatedStatement> {
    for (const ofDatabase of this.#statements.values()) yield* ofDatabase.values()
  }
}

function traitsAt({ execution: { shape, database }, sql }: TrackedQuery): StatementTraits {
  return traitsOf(shape, sql, database.system)
}

/** Whether a statement can be part of a finding: one of the application's that reads or writes rows. */
function isJudged({ shape }: QueryExecution): boolean {
  switch (shape.kind) {
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return !shape.tables.some((table) => SYSTEM_TABLE.test(table.toLowerCase()))
    default:
      return false
  }
}
