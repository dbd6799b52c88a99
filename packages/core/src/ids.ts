import { stateOfAllRealms } from './process-state.js'

/** The latest id of each kind of message. Each counts from 1 and is unique in the process. */
export const latestIds: { query: number; transaction: number; scope: number; finding: number } =
  stateOfAllRealms('latestIds', () => ({ query: 0, transaction: 0, scope: 0, finding: 0 }))
