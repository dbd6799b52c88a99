import type { Attributes, Span } from '@opentelemetry/api'
import type { Finding, FindingKind } from '@querylens/core'
import { describeCallSite, refreshFinding, reportFault } from '@querylens/core/recorder'

import {
  ATTR_QUERYLENS_FINDING_KINDS,
  ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE,
  ATTR_QUERYLENS_N_PLUS_ONE_DETECTED,
  EVENT_QUERYLENS_FINDING,
} from './attributes.js'
import { eventAttributes, isLoop, isWorse, loopAttributes } from './finding-attributes.js'

/**
 * A span around a query, in which something was found. It says at once that there is something, and what exactly when
 * that is known for good: when the scope of the finding ends, or right before the span itself does.
 */
export class MarkedSpan {
  readonly #span: Span
  readonly #kinds = new Set<FindingKind>()
  /** Those that are yet to be written, and when they opened, in milliseconds since the epoch. */
  readonly #pending = new Map<Finding, number>()
  #worstLoop: Finding | undefined
  /** What the span says of the worst loop. */
  #written: Attributes = {}

  constructor(span: Span) {
    this.#span = span
    try {
      beforeEnd(span, () => this.#writeAll())
    } catch (fault) {
      // A span that takes no method of ours gets what is known when the scope ends.
      reportFault('watching the end of a span', fault)
    }
  }

  add(finding: Finding, openedAtMillis: number): void {
    this.#pending.set(finding, openedAtMillis)
    this.#kinds.add(finding.kind)
    this.#span.setAttribute(ATTR_QUERYLENS_FINDING_KINDS, [...this.#kinds])
    if (isLoop(finding)) this.#span.setAttribute(ATTR_QUERYLENS_N_PLUS_ONE_DETECTED, true)
  }

  /** Writes a finding with the figures that it has; does nothing the second time, and once the span has ended. */
  write(finding: Finding): void {
    const openedAtMillis = this.#pending.get(finding)
    if (!this.#pending.delete(finding) || !this.#span.isRecording()) return
    this.#span.addEvent(EVENT_QUERYLENS_FINDING, eventAttributes(finding), openedAtMillis)
    if (isLoop(finding) && (this.#worstLoop === undefined || isWorse(finding, this.#worstLoop))) {
      this.#worstLoop = finding
    }
    // The findings of a scope are closed one after the other: only the last one shows which is the worst.
    if (this.#pending.size === 0) this.#describeWorstLoop()
  }

  #writeAll(): void {
    for (const finding of this.#pending.keys()) {
      refreshFinding(finding)
      this.write(finding)
    }
  }

  #describeWorstLoop(): void {
    if (this.#worstLoop === undefined) return
    const { callSite } = this.#worstLoop
    const attributes = loopAttributes(this.#worstLoop)
    if (callSite !== undefined) attributes[ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE] = describeCallSite(callSite)
    // An attribute cannot be taken back, and what another scope's loop has left there would be wrong.
    for (const name of Object.keys(this.#written)) attributes[name] ??= ''
    this.#span.setAttributes(attributes)
    this.#written = attributes
  }
}

/**
 * The last moment at which something can be said in somebody else's span. The API has no event for it, and a span
 * processor would have to be registered by the application.
 */
function beforeEnd(span: Span, write: () => void): void {
  const { end } = span
  span.end = (endTime) => {
    try {
      write()
    } catch (fault) {
      reportFault('writing findings to a span', fault)
    }
    end.call(span, endTime)
  }
}
