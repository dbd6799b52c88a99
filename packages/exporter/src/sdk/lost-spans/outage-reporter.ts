import { clock, reportFault } from '@querylens/core/internal'

/** The result of an export, or a dropped span. */
export interface Occurrence {
  readonly delivered: number
  readonly lost: number
  /** Why they were lost, in words that may be printed. */
  readonly reason?: string | undefined
}

/** The time from the first lost span to the next delivered one. Times are those of the wall clock, in milliseconds. */
interface Outage {
  readonly since: number
  until: number
  lost: number
  announced: boolean
  readonly reasons: Set<string>
}

/** How long the reporter is quiet after it has reported the end of an outage. */
const QUIET_MILLIS = 60_000
/** Different reasons that one report names. */
const MAX_REASONS = 3
const CODE = 'QUERYLENS_SPANS_LOST'

/**
 * Reports an outage twice, through `process.emitWarning`: when the first span is lost, and when spans are delivered
 * again. It keeps the losses of the following minute for the next report, so that a backend that fails every other batch
 * does not fill the log. It needs no timers, and never throws.
 */
export class OutageReporter {
  readonly #destination: string
  #outage: Outage | undefined
  #quietUntil = Number.NEGATIVE_INFINITY

  /** @param address where the spans go, if that is known */
  constructor(address?: string) {
    this.#destination = address === undefined ? '' : ` for ${address}`
  }

  record({ delivered, lost, reason }: Occurrence): void {
    if (lost > 0) this.#count(lost, reason ?? 'unknown error')
    const outage = this.#outage
    if (outage === undefined) return
    if (delivered > 0) {
      if (outage.announced || this.#mayBegin()) {
        this.#end(outage, outage.announced ? 'Spans are exported again.' : 'Other spans were exported.')
      }
    } else if (!outage.announced && this.#mayBegin()) {
      outage.announced = true
      say(
        `spans${this.#destination} are being lost: ${reasonsOf(outage)}. The application is not affected, ` +
          'and export resumes by itself as soon as the backend takes spans again.',
      )
    }
  }

  /** Reports no further beginning: `close` is near, and export will not resume. */
  hold(): void {
    this.#quietUntil = Number.POSITIVE_INFINITY
  }

  /** Reports the end of an outage that lasts. */
  close(): void {
    if (this.#outage !== undefined) this.#end(this.#outage, 'Telemetry has been shut down.')
  }

  #count(lost: number, reason: string): void {
    const now = clock.wallMillis()
    this.#outage ??= { since: now, until: now, lost: 0, announced: false, reasons: new Set() }
    this.#outage.until = now
    this.#outage.lost += lost
    if (this.#outage.reasons.size < MAX_REASONS) this.#outage.reasons.add(reason)
  }

  #mayBegin(): boolean {
    return clock.now() >= this.#quietUntil
  }

  #end(outage: Outage, now: string): void {
    this.#outage = undefined
    this.#quietUntil = clock.now() + QUIET_MILLIS
    const destination = this.#destination
    const spans = outage.lost === 1 ? `1 span${destination} was` : `${outage.lost} spans${destination} were`
    const [since, until] = [new Date(outage.since).toISOString(), new Date(outage.until).toISOString()]
    const time = since === until ? `at ${since}` : `from ${since} to ${until}`
    say(`${spans} lost ${time}: ${reasonsOf(outage)}. ${now}`)
  }
}

function reasonsOf({ reasons }: Outage): string {
  return [...reasons].join('; ')
}

/**
 * Reports spans that an ending process does not send. It emits the warning at once: a warning made with
 * `process.emitWarning` would come too late.
 */
export function warnOfUnsent(count: number): void {
  if (count === 0) return
  const text =
    `querylens: ${count === 1 ? '1 span was' : `${count} spans were`} not sent: process.exit() or an uncaught error ` +
    'ended the process. Await shutdown() of the result of startTelemetry() first.'
  try {
    process.emit('warning', Object.assign(new Error(text), { name: 'Warning', code: CODE }))
  } catch (fault) {
    reportFault('a warning of lost spans', fault)
  }
}

/** Warns through the process, not the console, so that an application can send the warning to its own log. */
function say(text: string): void {
  try {
    process.emitWarning(`querylens: ${text}`, { code: CODE })
  } catch (fault) {
    reportFault('a warning of lost spans', fault)
  }
}
