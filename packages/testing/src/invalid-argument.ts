import { QuerylensError } from '@querylens/core'

/** The error for a wrong value. @param message what was wrong, and what to write */
export function invalidArgument(message: string): QuerylensError {
  return new QuerylensError('QUERYLENS_INVALID_ARGUMENT', message)
}
