import { channels } from '../../messages/channels.js'
import { QuerylensError } from '../../errors.js'
import { reportFault } from '../../messages/faults.js'
import type { DatabaseInfo } from '../../messages/database-info.js'
import type { QueryExecution } from '../../messages/query-execution.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import type { Scope } from '../../messages/scope.js'
import { sharedState } from '../../shared-state.js'
import { isAllowed } from '../policy/allowance.js'
import { isInBaseline } from '../policy/baseline.js'
import { callSiteOf } from '../../stack/call-site.js'
import { loopFrameOf, type Frame } from '../../stack/captured-stack.js'
import type { Finding, FindingEvidence, FindingKind, FindingSource } from '../../messages/finding.js'
import { messageOf } from './finding-message.js'
import type { ResolvedFindingOptions } from '../policy/finding-options.js'
import { severityOf } from './severity.js'

/** What a detector knows of a finding when it opens. */
export interface FindingDraft {
  readonly kind: FindingKind
  readonly evidence: FindingEvidence
  readonly database: DatabaseInfo | undefined
  readonly execution: QueryExecution | undefined
  readonly transaction?: TransactionExecution | undefined
  /** The application's frames at the call. */
  readonly frames: readonly Frame[]
  /** Those of the source, or none. */
  readonly sourceFrames?: readonly Frame[]
  readonly source?: FindingSource | undefined
  /** Brings the figures up to date; asked when the finding opens and when it closes. */
  refresh(finding: Finding): Measured
}

/** How a measured figure compares with its limit. */
export interface Measured {
  /** @default 1 */
  readonly timesLimit?: number | undefined
  /** In words, such as `12,000 rows`. */
  readonly size?: string | undefined
}

interface OpenFinding {
  readonly finding: Finding
  /** Whether somebody has got it as an error. */
  isThrown: boolean
  refresh(finding: Finding): Measured
}

const ids = sharedState('finding-ids/1', () => ({ last: 0 }))
const MAX_FINDINGS = 1_000
const MAX_FRAMES = 12
const MAX_WARNED = 1_000
const warned = new Set<string>()

/** Of the findings whose scopes are open; the exporter may have a copy of core of its own. */
const refreshes = sharedState('finding-refreshes/1', () => new WeakMap<Finding, () => void>())

/**
 * Brings the figures of a finding up to date, for those who cannot wait for the end of its scope, such as a span that
 * ends before. Does nothing with one that is closed.
 */
export function refreshFinding(finding: Finding): void {
  refreshes.get(finding)?.()
}

/** The findings of one scope: opens each once, and closes all of them with their final figures. */
export class FindingLedger {
  readonly #scope: Scope
  readonly #options: ResolvedFindingOptions
  readonly #open: OpenFinding[] = []
  #closed = false
  #hasLost = false

  constructor(scope: Scope, options: ResolvedFindingOptions) {
    this.#scope = scope
    this.#options = options
  }

  /** Opens a finding, unless somebody has allowed it. */
  open(draft: FindingDraft): Finding | undefined {
    if (this.#closed) return undefined
    if (this.#open.length >= MAX_FINDINGS) {
      this.noteLost()
      return undefined
    }
    const finding = this.#create(draft)
    const { refresh } = draft
    this.#describe(finding, refresh(finding))
    const { allowances, baseline } = this.#options
    if (isAllowed(allowances, finding) || isInBaseline(baseline, finding)) return undefined
    this.#open.push({ finding, isThrown: false, refresh })
    refreshes.set(finding, () => this.#describe(finding, refresh(finding)))
    channels.finding.publish(finding)
    return finding
  }

  /**
   * Refuses a call that is a part of a finding and has not been sent yet, where somebody has asked for that: the first
   * one, and all further ones, lest a helper that tries again sends them after all.
   *
   * @param entryPoint the recorder's function that is running: what it was called from is the application's
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  refuse(finding: Finding | undefined, entryPoint: (...values: never[]) => unknown): void {
    if (finding === undefined || this.#options.mode !== 'throw') return
    const open = this.#open.find((other) => other.finding === finding)
    if (open === undefined) return
    open.isThrown = true
    refreshFinding(finding)
    throw findingError(finding, entryPoint)
  }

  /** Something was not looked at, because the scope has too much of it: said once for each scope. */
  noteLost(): void {
    if (this.#hasLost) return
    this.#hasLost = true
    reportFault(
      'looking for findings',
      new Error(`${this.#scope.name} has too many statements or findings to look at all of them.`),
    )
  }

  /** Publishes all findings with their final figures; what opens later is left out. */
  close(scopeMillis: number): void {
    if (this.#closed) return
    this.#closed = true
    for (const { finding, isThrown, refresh } of this.#open) {
      refreshes.delete(finding)
      try {
        const measured = refresh(finding)
        finding.share = scopeMillis > 0 ? Math.min(1, busyMillisOf(finding) / scopeMillis) : 0
        this.#describe(finding, measured)
      } catch (fault) {
        reportFault('closing a finding', fault)
      }
      this.#publishClosed(finding)
      if (this.#options.mode !== 'report' && !isThrown) warn(finding)
    }
  }

  #publishClosed(finding: Finding): void {
    try {
      finding.closed = true
      channels.finding.publish(finding)
    } catch (fault) {
      // Somebody has frozen it.
      reportFault('closing a finding', fault)
    }
  }

  #create({
    kind,
    evidence,
    database,
    execution,
    transaction,
    frames,
    sourceFrames,
    source,
  }: FindingDraft): Finding {
    const loop = loopFrameOf(frames, sourceFrames ?? [])
    return {
      id: ++ids.last,
      kind,
      severity: 'low',
      evidence,
      closed: false,
      scope: this.#scope,
      database,
      execution,
      transaction,
      fingerprint: execution?.shape.fingerprint,
      summary: execution?.shape.summary,
      count: 1,
      distinctCount: 1,
      avoidableCount: 0,
      durationMillis: 0,
      overlappingMillis: 0,
      share: undefined,
      callSite: loop === undefined ? undefined : callSiteOf(loop),
      frames: frames.slice(0, MAX_FRAMES).map(callSiteOf),
      callSites: [],
      source,
      suggestion: '',
      message: '',
    }
  }

  #describe(finding: Finding, { timesLimit = 1, size }: Measured): void {
    finding.severity = severityOf(finding, timesLimit)
    finding.message = messageOf(finding, size)
  }
}

/** Its stack begins with the application's own call, or with Kysely's in between. */
function findingError(finding: Finding, entryPoint: (...values: never[]) => unknown): QuerylensError {
  const error = new QuerylensError('QUERYLENS_FINDING', finding.message)
  // Not as its cause, which test runners print whole.
  Object.defineProperty(error, 'finding', { value: finding, enumerable: false })
  Error.captureStackTrace(error, entryPoint)
  return error
}

/** Each place once, however often it is reached: a console is read by a person. */
function warn(finding: Finding): void {
  const { kind, fingerprint, callSite, message } = finding
  const key = [kind, fingerprint, callSite?.file, callSite?.line].join(' ')
  if (warned.has(key) || warned.size >= MAX_WARNED) return
  warned.add(key)
  try {
    console.warn(`querylens: ${kind}: ${message}`)
  } catch (fault) {
    reportFault('warning of a finding', fault)
  }
}

function busyMillisOf({ durationMillis, overlappingMillis }: Finding): number {
  return durationMillis - overlappingMillis
}
