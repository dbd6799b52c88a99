import { QuerylensError } from '../../errors.js'
import type { Finding } from '../../messages/finding.js'

/** The recorder's function that is running: its caller is the application's. */
export type EntryPoint = (...values: never[]) => unknown

/** A call that the mode `throw` rejected because it is part of a finding. Its code is `QUERYLENS_FINDING`. */
export class FindingError extends QuerylensError {
  override readonly name = 'FindingError'
  /** Not enumerable: a test runner prints enumerable fields, and this one is long. */
  declare readonly finding: Finding

  /** @param entryPoint its caller becomes the first frame of the stack */
  constructor(finding: Finding, entryPoint: EntryPoint) {
    super('QUERYLENS_FINDING', finding.message)
    Object.defineProperty(this, 'finding', { value: finding, enumerable: false })
    Error.captureStackTrace(this, entryPoint)
  }
}
