import type { DatabaseInfo } from '../record/database-info.js'
import type { QueryExecution } from '../record/query-execution.js'
import type { TransactionExecution } from '../record/transaction-execution.js'
import type { Scope } from '../scope/scope.js'
import { traitsOf } from '../sql/statement-traits.js'
import { captureStack, framesOf, siteKeyOf, stackKeyOf } from './call-site.js'
import { Duplicates, mayChange } from './duplicates.js'
import { FindingLedger } from './finding-ledger.js'
import { formatMillis } from './finding-message.js'
import type { ResolvedFindingOptions } from './finding-options.js'
import { isIgnoring } from './ignore.js'
import { isInSeveralRows } from './proof.js'
import { RepeatSite, type Step } from './repeats.js'
import { estimateBytes, isSeveral, RowMemory, type Row } from './row-memory.js'
import type { NameInCode } from './suggestion.js'
import { TableWrites } from './table-writes.js'
import { parametersKeyOf } from './value-key.js'

/** A statement that is about to be sent. */
export interface StartingQuery {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly nameInCode: NameInCode
  /** By the monotonic clock. */
  readonly startedAt: number
}

/** The executions of one statement in the scope. */
interface Group {
  first: Step
  count: number
  readonly sites: Map<string, RepeatSite>
  /** The same by stacks as they are: a loop has the same one each time. */
  readonly byStack: Map<number, RepeatSite>
  /** How many executions in a row have come from one place. */
  inARow: number
  latestSite: RepeatSite | undefined
  duplicates: Duplicates | undefined
  /** Whether its duplicates may turn out to be a loop over rows, and are judged when the scope ends. */
  held: boolean
}

const MAX_GROUPS = 1_000
const MAX_SITES = 100
/** After so many executions in a row from one place only every so-manieth is asked where it comes from. */
const SETTLED_AFTER = 100
const ASKED_EVERY = 8
/** Longer lists of parameters are read in bulk: no loop. */
const MAX_PARAMETERS = 200
const NAMED_STATEMENTS = 3

/** Tables that no application is at fault for: catalogs, and those of Kysely's migrations. */
const SYSTEM_TABLE = /^"?(?:pg_|information_schema|sqlite_|kysely_migration)/i

/** What repeats itself somewhere in this process: there the first execution in a scope is worth its stack, too. */
const repeating = new WeakSet<object>()

/**
 * Follows the statements of one scope, one constant step for each, and opens findings. Keeps parameters and rows
 * within bounds, to compare them; they go with the scope and never become part of a message.
 */
export class ScopeDetector {
  readonly options: ResolvedFindingOptions
  readonly #scope: Scope
  readonly #ledger: FindingLedger
  readonly #groups = new Map<string, Group>()
  readonly #memory = new RowMemory()
  readonly #writes = new TableWrites()
  /** How many statements have begun. */
  #at = 0
  /** How many of them are part of a finding. */
  #explained = 0
  #isChatty = false
  #waitedMillis = 0
  #isPoolWaitOpen = false

  constructor(scope: Scope, options: ResolvedFindingOptions) {
    this.#scope = scope
    this.options = options
    this.#ledger = new FindingLedger(scope, options)
  }

  /** Takes a statement up that is about to be sent. */
  open({ execution, sql, parameters, nameInCode, startedAt }: StartingQuery): Step {
    return {
      execution,
      sql,
      parameters,
      nameInCode,
      at: this.#at++,
      startedAt,
      stack: undefined,
      durationMillis: undefined,
      site: undefined,
      duplicates: undefined,
      parametersKey: undefined,
      source: undefined,
    }
  }

  /**
   * Judges a statement that is about to be sent.
   *
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  begin(step: Step): void {
    const { shape } = step.execution
    this.#writes.note(shape, step.at)
    if (!isJudged(step.execution) || isIgnoring()) return
    const group = this.#groups.get(shape.fingerprint)
    if (group === undefined) this.#beginGroup(step)
    else this.#repeat(group, step)
    this.#judgeChattiness(step)
  }

  /** Rows have arrived: all of them, or a chunk of a stream. */
  takeRows(step: Step, rows: readonly unknown[]): void {
    if (step.source !== undefined) return this.#memory.extend(step.source, rows as readonly Row[])
    const isStream = step.execution.kind === 'stream'
    if (rows.length === 0 || (!isStream && !isSeveral(rows))) return
    step.source = {
      execution: step.execution,
      stack: captureStack(),
      knownSince: this.#at,
      rememberedAt: performance.now(),
      rows: rows as readonly Row[],
      bytes: 0,
      values: new Map(),
    }
    this.#memory.add(step.source)
  }

  /** A statement is over, whatever its outcome; its message is complete. */
  end(step: Step, rows: readonly unknown[] | undefined): void {
    const { execution } = step
    const durationMillis = execution.durationMillis ?? 0
    const now = step.startedAt + durationMillis
    step.durationMillis = durationMillis
    step.site?.end(step, now, durationMillis)
    step.duplicates?.end(now, durationMillis)
    if (execution.shape.kind !== 'select') this.#writes.note(execution.shape, this.#at)
    if (rows !== undefined && isJudged(execution) && !isIgnoring()) this.#judgeResult(step, rows)
  }

  /** A connection was handed out after a wait. */
  connectionWaited(database: DatabaseInfo, waitMillis: number): void {
    this.#waitedMillis += waitMillis
    const limit = this.options.poolWaitMillis
    if (this.#isPoolWaitOpen || this.#waitedMillis < limit || isIgnoring()) return
    this.#isPoolWaitOpen = true
    this.#ledger.open({
      kind: 'pool_wait',
      evidence: 'measured',
      database,
      execution: undefined,
      frames: framesOf(captureStack()),
      refusable: false,
      refresh: (finding) => {
        finding.durationMillis = this.#waitedMillis
        finding.suggestion =
          'hold connections for less long (shorter transactions, no other waiting inside them), ask for fewer at once, or raise the size of the pool'
        return { timesLimit: this.#waitedMillis / limit }
      },
    })
  }

  /** A transaction is over; its message is complete. */
  endTransaction(transaction: TransactionExecution): void {
    if (isIgnoring()) return
    const { durationMillis = 0, idleMillis = 0 } = transaction
    this.#judgeTransaction(
      transaction,
      'long_transaction',
      durationMillis,
      this.options.longTransactionMillis,
    )
    this.#judgeTransaction(
      transaction,
      'idle_in_transaction',
      idleMillis,
      this.options.idleInTransactionMillis,
    )
  }

  /** The scope has ended. */
  close(durationMillis: number): void {
    for (const group of this.#groups.values()) {
      if (!group.held || [...group.sites.values()].some(({ finding }) => finding !== undefined)) continue
      group.duplicates?.judge(this.options.duplicateQuery, this.#ledger, false)
    }
    this.#ledger.close(durationMillis)
    this.#groups.clear()
  }

  #beginGroup(step: Step): void {
    const { shape } = step.execution
    if (this.#groups.size >= MAX_GROUPS) return
    this.#groups.set(shape.fingerprint, {
      first: step,
      count: 1,
      sites: new Map(),
      byStack: new Map(),
      inARow: 0,
      latestSite: undefined,
      duplicates: undefined,
      held: false,
    })
    // Only rows that were several can be what a loop runs over.
    if (this.options.alwaysCaptures || !this.#memory.isEmpty || repeating.has(shape))
      step.stack = captureStack()
  }

  #repeat(group: Group, step: Step): void {
    const { first } = group
    const { shape, database } = step.execution
    group.count++
    if (group.count === 2) {
      repeating.add(shape)
      repeating.add(first.execution.shape)
    }
    if (step.parameters.length > MAX_PARAMETERS) return
    const traits = traitsOf(shape, step.sql, database.system)
    const site = this.#siteOf(group, step)
    const key = this.#keyOf(step)
    const wasOpen = site?.finding !== undefined
    const isRead = shape.kind === 'select'
    const threshold = isRead ? this.options.nPlusOne : this.options.nPlusOneWrite
    site?.add(step, key)
    try {
      if (site !== undefined && threshold !== Number.POSITIVE_INFINITY) {
        site.judge(step, this.#memory, threshold, this.#ledger)
      }
    } finally {
      if (site?.finding !== undefined) this.#explained += wasOpen ? 1 : site.count
    }
    if (site?.finding !== undefined || mayChange(shape, traits)) return
    if (group.duplicates === undefined) {
      group.duplicates = new Duplicates()
      if (first.parameters.length <= MAX_PARAMETERS) {
        group.duplicates.add(first, this.#keyOf(first), shape, this.#writes)
      }
    }
    if (!group.duplicates.add(step, key, shape, this.#writes)) return
    this.#explained++
    group.held ||= isInSeveralRows(this.#memory, step, traits, shape)
    if (!group.held) group.duplicates.judge(this.options.duplicateQuery, this.#ledger, true)
  }

  /** The place of a repeated execution; the first one, whose stack may be missing, joins that of the second. */
  #siteOf(group: Group, step: Step): RepeatSite | undefined {
    const { first, latestSite } = group
    group.inARow++
    if (latestSite !== undefined && group.inARow > SETTLED_AFTER && group.inARow % ASKED_EVERY !== 0) {
      step.stack = latestSite.stack
      return latestSite
    }
    step.stack = captureStack()
    const site = this.#siteAt(group, step)
    if (site !== latestSite) group.inARow = 0
    group.latestSite = site
    if (first.site === undefined && group.count === 2 && first.parameters.length <= MAX_PARAMETERS) {
      const ofFirst = first.stack === undefined ? site : this.#siteAt(group, first)
      ofFirst?.add(first, this.#keyOf(first))
    }
    return site
  }

  #siteAt({ sites, byStack }: Group, step: Step): RepeatSite | undefined {
    const stackKey = stackKeyOf(step.stack)
    let site = byStack.get(stackKey)
    if (site !== undefined) return site
    const key = siteKeyOf(framesOf(step.stack))
    site = sites.get(key)
    if (site === undefined && sites.size < MAX_SITES) sites.set(key, (site = new RepeatSite(step.stack)))
    if (site !== undefined && byStack.size < MAX_SITES) byStack.set(stackKey, site)
    return site
  }

  /** What tells parameters apart, and values in the statement's own text. */
  #keyOf(step: Step): number {
    const { shape } = step.execution
    step.parametersKey ??= parametersKeyOf(step.parameters, step.sql === shape.text ? undefined : step.sql)
    return step.parametersKey
  }

  #judgeChattiness(step: Step): void {
    const limit = this.options.chattyScope
    if (this.#isChatty || this.#at - this.#explained <= limit) return
    this.#isChatty = true
    this.#ledger.open({
      kind: 'chatty_scope',
      evidence: 'measured',
      database: step.execution.database,
      execution: undefined,
      frames: [],
      refusable: true,
      refresh: (finding) => {
        finding.count = this.#at
        finding.durationMillis = this.#scope.queryDurationMillis
        finding.suggestion = `load together what belongs together, with joins, jsonArrayFrom(…) or where … in (…)${this.#mostFrequent()}`
        return { timesLimit: (this.#at - this.#explained) / limit }
      },
    })
  }

  #mostFrequent(): string {
    const groups = [...this.#groups.values()].toSorted((a, b) => b.count - a.count).slice(0, NAMED_STATEMENTS)
    const named = groups.map(({ count, first }) => `${count}x ${first.execution.shape.summary}`)
    return named.length === 0 ? '' : `; most often ran ${named.join(', ')}`
  }

  #judgeResult(step: Step, rows: readonly unknown[]): void {
    const { execution } = step
    const { shape, database } = execution
    const limits = this.options.largeResult
    const bytes = rows.length === 0 ? 0 : estimateBytes(rows)
    const isUnfiltered = (): boolean => {
      if (rows.length < limits.unfilteredRows || shape.kind !== 'select') return false
      const { filtered, limited } = traitsOf(shape, step.sql, database.system)
      return !filtered && !limited
    }
    const tooMany = rows.length >= limits.rows
    const tooLarge = bytes >= limits.bytes
    const unfiltered = isUnfiltered()
    if (!tooMany && !tooLarge && !unfiltered) return
    const count = rows.length
    const timesLimit = Math.max(count / limits.rows, bytes / limits.bytes, unfiltered ? 1 : 0)
    const size = `${count.toLocaleString('en')} rows, about ${formatBytes(bytes)}`
    this.#ledger.open({
      kind: 'large_result',
      evidence: 'measured',
      database,
      execution,
      frames: framesOf(captureStack()),
      refusable: false,
      refresh: (finding) => {
        finding.durationMillis = execution.durationMillis ?? 0
        finding.suggestion = unfiltered
          ? 'it says neither which rows it wants nor how many: add .where(…) or .limit(…), or read it with .stream()'
          : 'ask for the columns and rows that are needed with .select(…), .where(…) and .limit(…), or read them with .stream()'
        return { timesLimit, limit: size }
      },
    })
  }

  #judgeTransaction(
    transaction: TransactionExecution,
    kind: 'long_transaction' | 'idle_in_transaction',
    millis: number,
    limit: number,
  ): void {
    if (millis < limit) return
    this.#ledger.open({
      kind,
      evidence: 'measured',
      database: transaction.database,
      execution: undefined,
      transaction,
      frames: framesOf(captureStack()),
      refusable: false,
      refresh: (finding) => {
        finding.count = transaction.queryCount
        finding.durationMillis = millis
        finding.suggestion =
          kind === 'long_transaction'
            ? `do less in it, or in smaller ones: it held its locks and its connection for ${formatMillis(millis)}`
            : 'wait for other services, files and computations before db.transaction() or after it, not inside'
        return { timesLimit: millis / limit }
      },
    })
  }
}

/** Whether a statement can be part of a finding: one of the application's that reads or writes rows. */
function isJudged({ shape }: QueryExecution): boolean {
  switch (shape.kind) {
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return !shape.tables.some((table) => SYSTEM_TABLE.test(table))
    default:
      return false
  }
}

function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
