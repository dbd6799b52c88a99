import type { FindingOptions } from '@querylens/core'
import {
  checkOptions,
  type NameInCode,
  type OptionRule,
  optionRules,
  type RecordedDatabase,
  shapeCacheOf,
  useFindingOptions,
} from '@querylens/core/recorder'
import { MssqlAdapter, MysqlAdapter, PostgresAdapter, SqliteAdapter, type Dialect } from 'kysely'

/**
 * What Querylens cannot know by itself: a Kysely dialect keeps its pool's settings to itself. All are
 * optional; they end up as attributes of the spans and metrics.
 */
export interface QuerylensOptions {
  /**
   * The database management system, `db.system.name` of the conventions.
   *
   * @default by the dialect's adapter: `postgresql` (also PGlite), `mysql`, `sqlite`,
   *   `microsoft.sql_server`; `other_sql` for any other
   */
  readonly system?: string | undefined
  /** The database's name, `db.namespace`. @default none */
  readonly namespace?: string | undefined
  /** Host name, IP address or socket path, `server.address`. @default none */
  readonly serverAddress?: string | undefined
  /** `server.port`. @default none */
  readonly serverPort?: number | undefined
  /**
   * Tells pools apart in the connection metrics, `db.client.connection.pool.name`.
   *
   * @default server and database as far as they are known, such as `localhost:5432/shop`; otherwise the system
   */
  readonly poolName?: string | undefined
  /**
   * Whether HTTP requests of `node:http` servers open a scope by themselves. Holds for the process from the
   * first instrumented dialect on; costs about a microsecond a request.
   *
   * @default true
   */
  readonly httpScopes?: boolean | undefined
  /**
   * Whether a backslash escapes a quote in plain strings: in PostgreSQL with `standard_conforming_strings` off, in
   * MySQL unless `NO_BACKSLASH_ESCAPES` is on. Unless it is said, a statement's exported text ends at the first
   * string in which it would matter.
   *
   * @default unknown
   */
  readonly backslashEscapes?: boolean | undefined
  /**
   * Whether tables whose names differ in digits alone, such as `events_2026_11` and `events_2026_12`, are one in
   * fingerprints.
   *
   * @default false
   */
  readonly mergePartitions?: boolean | undefined
  /**
   * What is looked for in the statements of a scope: N+1 loops, duplicates, large results and more. `false` for
   * nothing. Nothing is looked for as long as nobody wants to know: where the mode is `report`, and nobody has
   * subscribed to `channels.finding`, as the exporter does.
   *
   * @default everything, with the defaults of {@link FindingOptions}
   */
  readonly findings?: FindingOptions | boolean | undefined
}

/** {@link QuerylensOptions} with every default filled in. */
export interface ResolvedQuerylensOptions {
  readonly recorded: RecordedDatabase
  readonly httpScopes: boolean
}

/**
 * Checks the options and fills in what is missing.
 *
 * @throws QuerylensError for an unknown option or a value that it does not take
 */
export function resolveOptions(
  owner: string,
  dialect: Dialect,
  options: QuerylensOptions | undefined,
  nameInCode: NameInCode | undefined,
): ResolvedQuerylensOptions {
  checkOptions<QuerylensOptions>(owner, options, {
    system: SYSTEM_RULE,
    namespace: optionRules.text,
    serverAddress: optionRules.text,
    serverPort: optionRules.port,
    poolName: optionRules.text,
    httpScopes: optionRules.boolean,
    backslashEscapes: optionRules.boolean,
    mergePartitions: optionRules.boolean,
    findings: optionRules.settings,
  })
  const system = options?.system ?? systemOf(dialect)
  const { namespace, serverAddress, serverPort } = options ?? {}
  return {
    recorded: {
      database: Object.freeze({
        system,
        namespace,
        serverAddress,
        serverPort,
        poolName: options?.poolName ?? (poolNameOf(serverAddress, serverPort, namespace) || system),
      }),
      shapes: shapeCacheOf({
        dialect: system,
        backslashEscapes: options?.backslashEscapes,
        mergePartitions: options?.mergePartitions,
      }),
      findings: useFindingOptions(owner, options?.findings),
      nameInCode,
    },
    httpScopes: options?.httpScopes ?? true,
  }
}

/** The conventions' names are lower-case; what looks like one of them, but is none, would be read as unknown. */
const SYSTEM_RULE: OptionRule = {
  takes:
    "a db.system.name of the conventions, such as 'postgresql', 'mysql', 'sqlite' or 'microsoft.sql_server'",
  accepts: (value) =>
    typeof value === 'string' &&
    /^[a-z][a-z0-9_.]*$/.test(value) &&
    !/^(?:postgres|pg|mssql|sqlserver|sql_server|sqlite3|maria)$/.test(value),
}

function systemOf(dialect: Dialect): string {
  const adapter = dialect.createAdapter()
  if (adapter instanceof PostgresAdapter) return 'postgresql'
  if (adapter instanceof MysqlAdapter) return 'mysql'
  if (adapter instanceof SqliteAdapter) return 'sqlite'
  if (adapter instanceof MssqlAdapter) return 'microsoft.sql_server'
  return 'other_sql'
}

/** The conventions' own proposal for pools without a name: `server.address:server.port/db.namespace`. */
function poolNameOf(
  address: string | undefined,
  port: number | undefined,
  namespace: string | undefined,
): string {
  const server = [address, port].filter((part) => part !== undefined).join(':')
  return [server, namespace].filter(Boolean).join('/')
}
