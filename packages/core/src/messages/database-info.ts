/**
 * The database of a connection, in the terms of OpenTelemetry's semantic conventions. Each instrumented dialect has one
 * frozen object.
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
