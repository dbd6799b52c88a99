import { performance } from 'node:perf_hooks'
import * as timers from 'node:timers'

import { processState } from './process-state.js'

/** Clocks and timers of the process. */
export interface Clock {
  /** The monotonic clock, in milliseconds with fractions. */
  now(): number
  /** The wall clock, in whole milliseconds since the epoch. */
  wallMillis(): number
  readonly setTimeout: (callback: () => void, millis: number) => NodeJS.Timeout
  readonly clearTimeout: (timer: NodeJS.Timeout | undefined) => void
  readonly setImmediate: (callback: () => void) => NodeJS.Immediate
  readonly nextTick: (callback: () => void) => void
}

// Fake timers replace `performance` of the global object, and `now` of the object that `node:perf_hooks` exports. They
// leave its prototype as it is.
const { now } = Object.getPrototypeOf(performance) as { readonly now: () => number }
const { toString } = Function.prototype
const RealDate = realDate()

/**
 * What Querylens measures and waits with. It is real where a test fakes time, as `vi.useFakeTimers()` and those of Jest and
 * Sinon do, before or after this module was loaded: durations of queries stay right, and a scope that is idle ends. The
 * timers of `mock.timers` of `node:test` hold no original, so that this module has to be loaded before they are enabled.
 *
 * An object, so that the tests of Querylens itself can replace its functions.
 */
export const clock: Clock = {
  now: () => now.call(performance),
  wallMillis: realDateNow(),
  setTimeout: original('setTimeout', timers.setTimeout),
  clearTimeout: original('clearTimeout', timers.clearTimeout),
  setImmediate: original('setImmediate', timers.setImmediate),
  // oxlint-disable-next-line typescript/unbound-method -- it uses no `this`
  nextTick: original('nextTick', process.nextTick),
}

/** The function that fake timers have replaced. Theirs has a `clock` with the original under the same name and `_`. */
function original<Value extends object>(name: string, value: Value): Value {
  const { clock: fake } = value as { readonly clock?: Readonly<Record<string, unknown>> }
  const replaced = fake?.[`_${name}`]
  return typeof replaced === 'function' ? (replaced as unknown as Value) : value
}

/** A fake `Date` inherits from the real one, or has its prototype. */
function realDate(): typeof Date {
  const candidates = [Date, Object.getPrototypeOf(Date), Date.prototype.constructor] as (typeof Date)[]
  return candidates.find((date) => toString.call(date) === 'function Date() { [native code] }') ?? Date
}

/** Takes three quarters of the time that a `Date` takes. A test may have replaced it on the real `Date`. */
function realDateNow(): () => number {
  const { now: dateNow } = RealDate
  const isReal = toString.call(dateNow) === 'function now() { [native code] }'
  return isReal ? dateNow : () => new RealDate().getTime()
}

/**
 * A larger difference means that the wall clock was set or slewed, or that the machine slept. The limit is as small as
 * the whole milliseconds of the wall clock allow: parent spans start by the wall clock, and a child must not start before
 * its parent.
 */
const MAX_DRIFT_MILLIS = 2

/** Shared by all copies of this package, because their spans are in one trace. */
const shared = processState('clock', () => ({ epochOffset: performance.timeOrigin }))

/**
 * Converts a reading of the monotonic clock to milliseconds since the epoch, with fractions.
 *
 * The wall clock has whole milliseconds only: ten queries of a loop would get one start time. `performance.timeOrigin`
 * drifts away from the wall clock when that is adjusted: slewing alone makes some ten milliseconds an hour.
 */
export function toEpochMillis(monotonicMillis: number): number {
  if (hasDrifted(clock.wallMillis(), monotonicMillis)) {
    // The caller may have taken its reading earlier. Read both clocks together to tell drift from age.
    const reading = clock.now()
    const wall = clock.wallMillis()
    if (hasDrifted(wall, reading)) shared.epochOffset = wall - reading
  }
  return shared.epochOffset + monotonicMillis
}

function hasDrifted(wall: number, monotonicMillis: number): boolean {
  return Math.abs(wall - (shared.epochOffset + monotonicMillis)) > MAX_DRIFT_MILLIS
}
