import { latestIds } from '../../ids.js'
import { channels } from '../../messages/channels.js'
import type { DatabaseInfo } from '../../messages/database-info.js'
import { reportFault } from '../../messages/faults.js'
import type { Finding, FindingEvidence, FindingKind, FindingSource } from '../../messages/finding.js'
import type { QueryExecution } from '../../messages/query-execution.js'
import type { Scope } from '../../messages/scope.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import type { Mutable } from '../../mutable.js'
import { stateOfAllRealms } from '../../process-state.js'
import { pathOf } from '../../stack/call-path.js'
import { callSiteOf, lineOf, whyNoLine } from '../../stack/call-site.js'
import { type Frame } from '../../stack/captured-stack.js'
import { loopFrameOf } from '../../stack/loop-frame.js'
import { isAllowed, type AllowanceUse } from '../policy/allowances.js'
import type { FindingMode } from '../policy/finding-mode.js'
import { FindingError, type EntryPoint } from './finding-error.js'
import { messageOf } from './finding-message.js'
import type { ReportedKind } from './reported-kind.js'
import { warnOnce } from './warn-once.js'

/** The facts of a finding when it opens. */
export interface FindingDraft {
  readonly kind: FindingKind
  readonly evidence: FindingEvidence
  readonly database: DatabaseInfo | undefined
  readonly execution: QueryExecution | undefined
  readonly transaction?: TransactionExecution | undefined
  /** The application's frames at the call. */
  readonly frames: readonly Frame[]
  /** The frames at which the rows of the source arrived, if they are known. */
  readonly sourceFrames?: readonly Frame[]
  readonly source?: FindingSource | undefined
  /** Brings the figures up to date. The ledger calls it when the finding opens, when it closes and on request. */
  refresh(finding: Mutable<Finding>): Measured
}

/** How a measured figure compares with its limit. */
export interface Measured {
  /** @default 1 */
  readonly timesLimit?: number | undefined
  /** In words, such as `12,000 rows`. */
  readonly size?: string | undefined
}

/** The treatment of findings. */
export interface ReportPolicy {
  readonly mode: FindingMode
  readonly allowances: readonly AllowanceUse[]
}

interface OpenFinding {
  readonly finding: Mutable<Finding>
  readonly kind: ReportedKind
  /** Whether an error with it has been thrown. */
  isThrown: boolean
  /** What its suggestion adds. */
  note: string
  refresh(finding: Mutable<Finding>): Measured
}

const MAX_FINDINGS = 1_000
const MAX_FRAMES = 12

/** Functions that update the figures of open findings. */
const refreshes = stateOfAllRealms('findingRefreshes', () => new WeakMap<Finding, () => void>())

/**
 * Brings the figures of a finding up to date, for a subscriber that cannot wait for the end of its scope, such as a span
 * that ends before. Does nothing with a finding that is closed.
 */
export function refreshFinding(finding: Finding): void {
  refreshes.get(finding)?.()
}

/** The findings of one scope: opens each once, and closes all of them with their final figures. */
export class FindingLedger {
  readonly #scope: Scope
  readonly #policy: ReportPolicy
  readonly #kinds: readonly ReportedKind[]
  readonly #open: OpenFinding[] = []
  #closed = false
  #hasLost = false

  constructor(scope: Scope, policy: ReportPolicy, kinds: readonly ReportedKind[]) {
    this.#scope = scope
    this.#policy = policy
    this.#kinds = kinds
  }

  /** Whether it has rejected a call. */
  get hasRefused(): boolean {
    return this.#open.some(({ isThrown }) => isThrown)
  }

  /** The findings so far. */
  get findings(): readonly Finding[] {
    return this.#open.map(({ finding }) => finding)
  }

  /** Adds a part to the final suggestion of a finding. */
  note(finding: Finding, text: string): void {
    const open = this.#open.find((other) => other.finding === finding)
    if (open !== undefined) open.note += `; ${text}`
  }

  /** @returns `undefined` for a finding that an allowance accepts */
  open(draft: FindingDraft): Finding | undefined {
    const kind = this.#kinds.find((each) => each.kind === draft.kind)
    if (this.#closed || kind === undefined) return undefined
    if (this.#open.length >= MAX_FINDINGS) {
      this.noteLost()
      return undefined
    }
    const finding = this.#create(draft, kind)
    const { refresh } = draft
    describe(finding, kind, refresh(finding))
    if (isAllowed(this.#policy.allowances, finding)) return undefined
    this.#open.push({ finding, kind, isThrown: false, note: '', refresh })
    refreshes.set(finding, () => describe(finding, kind, refresh(finding)))
    channels.findingOpened.publish(finding)
    return finding
  }

  /**
   * Rejects a call that is part of a finding and has not been sent yet, if the mode is `throw`: the call that opened the
   * finding and every later one, so that a retry helper cannot send them after all. The end of the scope changes nothing.
   *
   * @throws FindingError in the mode `throw`
   */
  refuse(finding: Finding | undefined, entryPoint: EntryPoint): void {
    if (finding === undefined || this.#policy.mode !== 'throw') return
    const open = this.#open.find((other) => other.finding === finding)
    if (open === undefined) return
    open.isThrown = true
    refreshFinding(finding)
    throw new FindingError(finding, entryPoint)
  }

  /** The scope has too many statements or findings to check all of them: reports a fault once for each scope. */
  noteLost(): void {
    if (this.#hasLost) return
    this.#hasLost = true
    const message = `Stopped checking scope "${this.#scope.name}": more than 1,000 distinct statements or findings.`
    reportFault('looking for findings', new Error(message))
  }

  /** Publishes all findings with their final figures; nothing opens afterwards. */
  close(scopeMillis: number): void {
    if (this.#closed) return
    this.#closed = true
    for (const { finding, kind, isThrown, note, refresh } of this.#open) {
      refreshes.delete(finding)
      try {
        const measured = refresh(finding)
        finding.suggestion += note
        finding.share = scopeMillis > 0 ? Math.min(1, busyMillisOf(finding) / scopeMillis) : 0
        describe(finding, kind, measured)
      } catch (fault) {
        reportFault('closing a finding', fault)
      }
      publishClosed(finding)
      if (this.#policy.mode !== 'report' && !isThrown) warnOnce(finding)
    }
  }

  #create(
    { evidence, database, execution, transaction, frames, sourceFrames, source }: FindingDraft,
    { kind, label }: ReportedKind,
  ): Mutable<Finding> {
    const loop = loopFrameOf(frames, sourceFrames ?? [])
    return {
      id: ++latestIds.finding,
      kind,
      label,
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
      callSite: lineOf(loop ?? frames[0]),
      noCallSite: whyNoLine(frames),
      path: pathOf(frames, loop),
      frames: frames.slice(0, MAX_FRAMES).map(callSiteOf),
      callSites: [],
      source,
      suggestion: '',
      message: '',
    }
  }
}

function describe(finding: Mutable<Finding>, kind: ReportedKind, { timesLimit = 1, size }: Measured): void {
  finding.severity = kind.severity(finding, timesLimit)
  finding.message = messageOf(finding, kind.headline(finding, size))
}

function publishClosed(finding: Mutable<Finding>): void {
  try {
    finding.closed = true
    channels.finding.publish(finding)
  } catch (fault) {
    // A subscriber has frozen the object.
    reportFault('closing a finding', fault)
  }
}

function busyMillisOf({ durationMillis, overlappingMillis }: Finding): number {
  return durationMillis - overlappingMillis
}
