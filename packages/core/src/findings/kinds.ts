import { chattyScope } from './kinds/chatty-scope.js'
import { duplicateQuery } from './kinds/duplicate-query/duplicate-query.js'
import { idleInTransaction } from './kinds/idle-in-transaction.js'
import { largeResult } from './kinds/large-result.js'
import { longTransaction } from './kinds/long-transaction.js'
import { nPlusOne, nPlusOneWrite } from './kinds/n-plus-one/n-plus-one.js'
import { poolWait } from './kinds/pool-wait/pool-wait.js'

export type { KindDefinition, KindOptions } from './kinds/kind.js'

/** All kinds of findings. Their detectors get each query in this order: `chattyScope` counts what the others leave. */
export const KINDS: readonly [
  typeof nPlusOne,
  typeof nPlusOneWrite,
  typeof duplicateQuery,
  typeof chattyScope,
  typeof largeResult,
  typeof longTransaction,
  typeof idleInTransaction,
  typeof poolWait,
] = [
  nPlusOne,
  nPlusOneWrite,
  duplicateQuery,
  chattyScope,
  largeResult,
  longTransaction,
  idleInTransaction,
  poolWait,
]
