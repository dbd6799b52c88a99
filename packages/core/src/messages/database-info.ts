/**
 * Which database a connection leads to, in the words of OpenTelemetry's conventions. One frozen object for
 * each instrumented dialect.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/
 */
export interface DatabaseInfo {
  /** `db.system.name`: `postgresql`, `mysql`, `sqlite`, `microsoft.sql_server`, or `other_sql`. */
  readonly system: string
  /** `db.namespace`: the database's name. */
  readonly namespace: string | undefined
  /** `server.address`: host name, IP address or socket path. */
  readonly serverAddress: string | undefined
  /** `server.port` */
  readonly serverPort: number | undefined
  /** `db.client.connection.pool.name` */
  readonly poolName: string
}
