import type { DetectOptions, SqlDialect } from '@querylens/core'
import {
  checkOptions,
  isMergeNames,
  KNOWN_DIALECTS,
  normalizeSystem,
  optionRules,
  type OptionRule,
} from '@querylens/core/internal'
import {
  shapeCacheOf,
  useDetectOptions,
  type MergeNames,
  type NameInCode,
  type RecordedDatabase,
} from '@querylens/core/recorder'
import type { Dialect } from 'kysely'

import { locationOf, type ConnectionInfo } from './connection-info.js'
import { systemOfAdapter } from './kysely-classes.js'

/** The options of a database. All are optional. Querylens cannot read a pool, because Kysely's dialects keep it private. */
export interface QuerylensOptions {
  /**
   * The address of the database: a connection string, or the options of the pool (`pool.options` of `pg`). It becomes
   * `db.namespace`, `server.address` and `server.port`. Querylens does not keep users and passwords.
   *
   * @default unknown
   */
  readonly connection?: string | ConnectionInfo | undefined
  /**
   * The database management system, `db.system.name` of the conventions; `postgres`, `mssql` and other usual names are
   * accepted.
   *
   * @default by the dialect's adapter: `postgresql` (also PGlite), `mysql`, `sqlite`, `microsoft.sql_server`;
   *   `other_sql` for any other
   */
  readonly system?: string | undefined
  /**
   * The known system by whose rules Querylens reads statements, for a database of another system: `postgresql` for
   * CockroachDB. Without it, statements of an unknown system are exported without their text, and fewer loops are proven.
   *
   * @default the system
   */
  readonly sqlDialect?: SqlDialect | (string & {}) | undefined
  /**
   * Tells pools apart in the connection metrics, `db.client.connection.pool.name`.
   *
   * @default server and database, such as `localhost:5432/shop`; the system where they are unknown
   */
  readonly poolName?: string | undefined
  /**
   * Whether a backslash escapes a quote in plain strings: in PostgreSQL with `standard_conforming_strings` off, in
   * MySQL unless `NO_BACKSLASH_ESCAPES` is on. While it is unknown, the exported text of a statement ends at the first
   * string in which it would matter.
   *
   * @default unknown
   */
  readonly backslashEscapes?: boolean | undefined
  /**
   * Which parts of the names of tables and schemas do not count, so that the partitions of a table, or the schemas of
   * tenants, share one span name, fingerprint and series of metrics. `true`: digits, as in `events_2026_11` and
   * `tenant_42.orders`, which become `events_?_?` and `tenant_?.orders`. A regular expression: what it matches in a part of
   * a name, in any case, such as `/^tenant_.+/`. `db.query.text` keeps the names.
   *
   * @default false
   */
  readonly mergeNames?: MergeNames | undefined
  /**
   * What Querylens detects in the queries of a scope: N+1 loops, duplicates, large results and more; `false` for
   * nothing. Detection runs while something subscribes to findings, as the exporter does, or the mode is `warn` or
   * `throw`.
   *
   * @default everything, with the defaults of {@link DetectOptions}
   */
  readonly detect?: DetectOptions | boolean | undefined
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
): RecordedDatabase {
  checkOptions<QuerylensOptions>(owner, options, RULES)
  const system =
    options?.system === undefined
      ? (systemOfAdapter(dialect.createAdapter()) ?? 'other_sql')
      : normalizeSystem(options.system)
  const location = locationOf(owner, options?.connection)
  return {
    database: Object.freeze({
      system,
      ...location,
      poolName: options?.poolName ?? (poolNameOf(location) || system),
    }),
    shapes: shapeCacheOf({
      dialect: options?.sqlDialect ?? system,
      backslashEscapes: options?.backslashEscapes,
      mergeNames: options?.mergeNames,
    }),
    detect: useDetectOptions(owner, options?.detect),
    nameInCode,
  }
}

const CONNECTION_RULE: OptionRule = {
  takes: 'a connection string, or an object with host, port and database',
  accepts: (value) => optionRules.text.accepts(value) || (typeof value === 'object' && value !== null),
}

const MERGE_RULE: OptionRule = { takes: 'true, false or a regular expression', accepts: isMergeNames }

const SYSTEM_RULE: OptionRule = {
  takes: "the name of a database system, such as 'postgresql', 'mysql', 'sqlite' or 'mssql'",
  accepts: (value) => typeof value === 'string' && /^[a-z][a-z0-9_.]*$/i.test(value),
}

const DIALECT_RULE: OptionRule = {
  takes: `a system whose rules Querylens knows: ${KNOWN_DIALECTS.map((name) => `'${name}'`).join(', ')}, or a usual name of one of them, such as 'pg' or 'mssql'`,
  accepts: (value) => typeof value === 'string' && KNOWN_DIALECTS.includes(normalizeSystem(value)),
}

const RULES: { readonly [Name in keyof Required<QuerylensOptions>]: OptionRule } = {
  connection: CONNECTION_RULE,
  system: SYSTEM_RULE,
  sqlDialect: DIALECT_RULE,
  poolName: optionRules.text,
  backslashEscapes: optionRules.boolean,
  mergeNames: MERGE_RULE,
  detect: optionRules.settings,
}

export const OPTION_NAMES: readonly string[] = Object.keys(RULES)

/** The name that OpenTelemetry's conventions propose: `server.address:server.port/db.namespace`. */
function poolNameOf({
  serverAddress,
  serverPort,
  namespace,
}: Pick<RecordedDatabase['database'], 'serverAddress' | 'serverPort' | 'namespace'>): string {
  const server = [serverAddress, serverPort].filter((part) => part !== undefined).join(':')
  return [server, namespace].filter(Boolean).join('/')
}
