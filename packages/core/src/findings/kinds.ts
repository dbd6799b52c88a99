import { cacheStampede } from './kinds/cache-stampede.js'
import { chattyScope } from './kinds/chatty-scope.js'
import { duplicateQuery } from './kinds/duplicate-query/duplicate-query.js'
import { idleInTransaction } from './kinds/idle-in-transaction.js'
import { largeResult } from './kinds/large-result.js'
import { longTransaction } from './kinds/long-transaction.js'
import { nPlusOne, nPlusOneWrite } from './kinds/n-plus-one/n-plus-one.js'
import { poolWait } from './kinds/pool-wait/pool-wait.js'
import { secondConnection } from './kinds/second-connection.js'
import { transactionPerItem } from './kinds/transaction-per-item.js'

export type { KindDefinition, KindOptions } from './kinds/kind.js'

/** All kinds of findings. Their detectors get each query in this order: `chattyScope` counts what the others leave. */
export const KINDS: readonly [
  typeof nPlusOne,
  typeof nPlusOneWrite,
  typeof duplicateQuery,
  typeof chattyScope,
  typeof largeResult,
  typeof cacheStampede,
  typeof longTransaction,
  typeof idleInTransaction,
  typeof transactionPerItem,
  typeof secondConnection,
  typeof poolWait,
] = [
  nPlusOne,
  nPlusOneWrite,
  duplicateQuery,
  chattyScope,
  largeResult,
  cacheStampede,
  longTransaction,
  idleInTransaction,
  transactionPerItem,
  secondConnection,
  poolWait,
]
