import { areQueriesDemanded, isAnyScopeCounting } from './demand.js'
import { isCountedHere } from './scope.js'

/**
 * Whether anything needs the record of a query that is sent here: a subscriber, a capture, a mode, or the scope that it
 * belongs to. If not, adapters forward the query at once.
 */
export function isRecordingQueries(): boolean {
  return areQueriesDemanded() || (isAnyScopeCounting() && isCountedHere())
}
