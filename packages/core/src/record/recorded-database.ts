import type { ResolvedDetectOptions } from '../findings/detect-options.js'
import type { DatabaseInfo } from '../messages/database-info.js'
import type { NameInCode } from '../name-in-code.js'
import type { ShapeCache } from '../sql/shape/shape-cache.js'

/** What an adapter says of the database whose statements it records. */
export interface RecordedDatabase {
  readonly database: DatabaseInfo
  /** Knows the shapes of its statements. @default the cache of all databases of this system */
  readonly shapes?: ShapeCache | undefined
  /** What Querylens detects in its statements. @default nothing */
  readonly detect?: ResolvedDetectOptions | undefined
  /** What the application's code calls a column or a table, for suggestions. @default as the database does */
  readonly nameInCode?: NameInCode | undefined
}
