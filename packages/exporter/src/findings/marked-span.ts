import type { Attributes, Span } from '@opentelemetry/api'
import type { Finding, FindingKind } from '@querylens/core'
import { refreshFinding, reportFault } from '@querylens/core/internal'

import {
  ATTR_QUERYLENS_FINDING_KINDS,
  ATTR_QUERYLENS_N_PLUS_ONE_DETECTED,
  EVENT_QUERYLENS_FINDING,
} from '../attributes.js'
import { beforeEnd, isEndSeen } from '../spans/span-endings.js'
import { eventAttributes, isLoop, isWorse, loopAttributes } from './finding-attributes.js'

/**
 * A span in which something was found. It shows at once that there is a finding. It gets one event for each finding, and
 * the attributes of its worst loop.
 *
 * Where the end of the span will be seen, it gets both when the figures are final, which is when the scope of the finding
 * ends, or right before the span itself ends. Otherwise the span may end unseen, so it gets both when the finding opens.
 * An event cannot be changed; the final attributes overwrite the first ones if the span is still open then.
 */
export class MarkedSpan {
  /** Whether the span's end waits for the final figures. */
  readonly endsLater: boolean
  readonly #span: Span
  readonly #kinds = new Set<FindingKind>()
  /** Findings whose figures are not final, with the time at which they opened, in milliseconds since the epoch. */
  readonly #pending = new Map<Finding, number>()
  /** Those of them whose event is written. */
  readonly #shown = new WeakSet<Finding>()
  /** Of the findings whose event is written. */
  #worstLoop: Finding | undefined
  /** The attributes of the worst loop that the span has. */
  #written: Attributes = {}
  #onSettled: (() => void) | undefined

  constructor(span: Span, endsLater: boolean) {
    this.endsLater = endsLater
    this.#span = span
    if (!endsLater) beforeEnd(span, () => this.writePending())
  }

  get isPending(): boolean {
    return this.#pending.size > 0
  }

  /** Calls `listener`, once, as soon as no finding is pending. */
  whenSettled(listener: () => void): void {
    this.#onSettled = listener
  }

  /**
   * Adds a finding that opens.
   *
   * @param isWrittenLater whether the span will be open when {@link write} or {@link writePending} is called
   */
  add(
    finding: Finding,
    openedAtMillis: number,
    { isWrittenLater }: { readonly isWrittenLater: boolean },
  ): void {
    this.#pending.set(finding, openedAtMillis)
    this.#kinds.add(finding.kind)
    this.#span.setAttribute(ATTR_QUERYLENS_FINDING_KINDS, [...this.#kinds])
    if (isLoop(finding)) this.#span.setAttribute(ATTR_QUERYLENS_N_PLUS_ONE_DETECTED, true)
    if (isWrittenLater || isEndSeen(this.#span)) return
    this.#addEvent(finding, openedAtMillis)
    if (isLoop(finding)) this.#describeLoop(worstOf([...this.#pending.keys(), this.#worstLoop]))
  }

  /** Writes a finding with its current figures. Does nothing the second time, and once the span has ended. */
  write(finding: Finding): void {
    const openedAtMillis = this.#pending.get(finding)
    if (!this.#pending.delete(finding)) return
    try {
      if (this.#span.isRecording()) this.#describe(finding, openedAtMillis)
    } finally {
      if (this.#pending.size === 0) this.#settle()
    }
  }

  /** Writes all findings that are pending, with the figures so far. */
  writePending(): void {
    for (const finding of this.#pending.keys()) {
      attempt(() => refreshFinding(finding))
      attempt(() => this.write(finding))
    }
  }

  #describe(finding: Finding, openedAtMillis: number | undefined): void {
    if (!this.#shown.has(finding)) this.#addEvent(finding, openedAtMillis)
    this.#worstLoop = worstOf([this.#worstLoop, finding])
    // The findings of a scope close one after the other; only after the last one is the worst known.
    if (this.#pending.size === 0) this.#describeLoop(this.#worstLoop)
  }

  #addEvent(finding: Finding, openedAtMillis: number | undefined): void {
    this.#shown.add(finding)
    this.#span.addEvent(EVENT_QUERYLENS_FINDING, eventAttributes(finding), openedAtMillis)
  }

  #describeLoop(worst: Finding | undefined): void {
    if (worst === undefined) return
    const attributes = loopAttributes(worst)
    // The API cannot remove an attribute: what another loop has written must not stay.
    for (const name of Object.keys(this.#written)) attributes[name] ??= ''
    this.#span.setAttributes(attributes)
    this.#written = attributes
  }

  #settle(): void {
    const listener = this.#onSettled
    this.#onSettled = undefined
    listener?.()
  }
}

function worstOf(findings: readonly (Finding | undefined)[]): Finding | undefined {
  let worst: Finding | undefined
  for (const finding of findings) {
    if (finding === undefined || !isLoop(finding)) continue
    if (worst === undefined || isWorse(finding, worst)) worst = finding
  }
  return worst
}

/** Writes to a span. A finding or a span of another library may throw: the span must end, and other spans be written. */
export function attempt(write: () => void): void {
  try {
    write()
  } catch (fault) {
    reportFault('writing findings to a span', fault)
  }
}
