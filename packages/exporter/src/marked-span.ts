import type { Attributes, Span } from '@opentelemetry/api'
import type { Finding, FindingKind } from '@querylens/core'
import { refreshFinding, reportFault } from '@querylens/core/recorder'

import {
  ATTR_QUERYLENS_FINDING_KINDS,
  ATTR_QUERYLENS_N_PLUS_ONE_DETECTED,
  EVENT_QUERYLENS_FINDING,
} from './attributes.js'
import { eventAttributes, isLoop, isWorse, loopAttributes } from './finding-attributes.js'

/** When a span that waits for figures stops waiting: longer than nearly all requests take. */
const LONGEST_WAIT_MILLIS = 30_000

/**
 * A span in which something was found. It says at once that there is something, and what exactly when that is known for
 * good: when the scope of the finding ends, or right before the span itself does.
 *
 * The span of a query ends long before the loop that it is in, with a count of two where there will be fifty. So it may
 * wait: its end is put off, with the time at which it ended, until the scope ends, or for half a minute, or until it is
 * released.
 */
export class MarkedSpan {
  readonly #span: Span
  readonly #kinds = new Set<FindingKind>()
  /** Those that are yet to be written, and when they opened, in milliseconds since the epoch. */
  readonly #pending = new Map<Finding, number>()
  #worstLoop: Finding | undefined
  /** What the span says of the worst loop. */
  #written: Attributes = {}
  readonly #waiting: Set<MarkedSpan> | undefined
  /** Ends the span, which waits. */
  #end: (() => void) | undefined

  /** @param waiting where the span's end is put off until all is known: those whose end is */
  constructor(span: Span, waiting?: Set<MarkedSpan>) {
    this.#span = span
    this.#waiting = waiting
    try {
      beforeEnd(span, (end) => this.#onEnd(end))
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
    if (!this.#pending.delete(finding)) return
    try {
      if (this.#span.isRecording()) this.#describe(finding, openedAtMillis)
    } finally {
      if (this.#pending.size === 0) this.#end?.()
    }
  }

  #describe(finding: Finding, openedAtMillis: number | undefined): void {
    this.#span.addEvent(EVENT_QUERYLENS_FINDING, eventAttributes(finding), openedAtMillis)
    if (isLoop(finding) && (this.#worstLoop === undefined || isWorse(finding, this.#worstLoop))) {
      this.#worstLoop = finding
    }
    // The findings of a scope are closed one after the other: only the last one shows which is the worst.
    if (this.#pending.size === 0) this.#describeWorstLoop()
  }

  #describeWorstLoop(): void {
    if (this.#worstLoop === undefined) return
    const attributes = loopAttributes(this.#worstLoop)
    // An attribute cannot be taken back, and what another scope's loop has left there would be wrong.
    for (const name of Object.keys(this.#written)) attributes[name] ??= ''
    this.#span.setAttributes(attributes)
    this.#written = attributes
  }

  /** Writes what is known by now, and ends the span if that waits. */
  release(): void {
    for (const finding of this.#pending.keys()) {
      attempt(() => refreshFinding(finding))
      attempt(() => this.write(finding))
    }
    this.#end?.()
  }

  #onEnd(end: () => void): void {
    if (this.#waiting === undefined || this.#pending.size === 0) {
      this.release()
      end()
      return
    }
    this.#waiting.add(this)
    const timer = setTimeout(() => this.release(), LONGEST_WAIT_MILLIS).unref()
    this.#end = () => {
      this.#end = undefined
      this.#waiting?.delete(this)
      clearTimeout(timer)
      end()
    }
  }
}

/** A finding or a span of somebody else may refuse anything: the span is to end, and others are to tell, all the same. */
export function attempt(write: () => void): void {
  try {
    write()
  } catch (fault) {
    reportFault('writing findings to a span', fault)
  }
}

/**
 * The last moment at which something can be said in somebody else's span. The API has no event for it, and a span
 * processor would have to be registered by the application.
 *
 * @param onEnd is handed what ends the span
 */
function beforeEnd(span: Span, onEnd: (end: () => void) => void): void {
  const { end } = span
  span.end = (endTime) => onEnd(() => end.call(span, endTime))
}
