import type { ResolvedDetectOptions } from '../findings/detect-options.js'
import type { DatabaseInfo } from '../messages/database-info.js'
import type { NameInCode } from '../name-in-code.js'
import type { ShapeCache } from '../sql/shape/shape-cache.js'

/** The database whose statements an adapter records. */
export interface RecordedDatabase {
  readonly database: DatabaseInfo
  /** The cache of shapes. @default the cache of all databases of this system */
  readonly shapes?: ShapeCache | undefined
  /** What Querylens detects in its statements. @default nothing */
  readonly detect?: ResolvedDetectOptions | undefined
  /** Maps names to those in the application's code, for suggestions. @default the names in the database */
  readonly nameInCode?: NameInCode | undefined
}
