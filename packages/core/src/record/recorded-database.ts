import type { ResolvedFindingOptions } from '../findings/policy/finding-options.js'
import type { NameInCode } from '../findings/suggest/looped-statement.js'
import type { ShapeCache } from '../sql/shape/shape-cache.js'
import type { DatabaseInfo } from '../messages/database-info.js'

/** What an adapter says of the database whose statements it records. */
export interface RecordedDatabase {
  readonly database: DatabaseInfo
  /** Knows the shapes of its statements. @default the cache of all databases of this system */
  readonly shapes?: ShapeCache | undefined
  /** What is looked for in them. @default nothing */
  readonly findings?: ResolvedFindingOptions | undefined
  /** For suggestions: what the application's code calls a column or a table. @default as the database does */
  readonly nameInCode?: NameInCode | undefined
}
