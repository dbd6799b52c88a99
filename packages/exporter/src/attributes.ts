/**
 * Names of attributes and metrics. The first part is OpenTelemetry's, and a test compares it with
 * `@opentelemetry/semantic-conventions`; the second is our own namespace, which never begins with `db.`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/
 */
export const ATTR_DB_SYSTEM_NAME = 'db.system.name'
export const ATTR_DB_NAMESPACE = 'db.namespace'
export const ATTR_DB_QUERY_TEXT = 'db.query.text'
export const ATTR_DB_QUERY_SUMMARY = 'db.query.summary'
export const ATTR_DB_COLLECTION_NAME = 'db.collection.name'
export const ATTR_DB_OPERATION_NAME = 'db.operation.name'
export const ATTR_DB_RESPONSE_STATUS_CODE = 'db.response.status_code'
export const ATTR_DB_RESPONSE_RETURNED_ROWS = 'db.response.returned_rows'
export const ATTR_DB_CLIENT_CONNECTION_POOL_NAME = 'db.client.connection.pool.name'
export const ATTR_DB_CLIENT_CONNECTION_STATE = 'db.client.connection.state'
export const ATTR_SERVER_ADDRESS = 'server.address'
export const ATTR_SERVER_PORT = 'server.port'
export const ATTR_ERROR_TYPE = 'error.type'
export const ATTR_EXCEPTION_TYPE = 'exception.type'
export const ATTR_EXCEPTION_MESSAGE = 'exception.message'
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace'

export const METRIC_DB_CLIENT_OPERATION_DURATION = 'db.client.operation.duration'
export const METRIC_DB_CLIENT_CONNECTION_COUNT = 'db.client.connection.count'
export const METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS = 'db.client.connection.pending_requests'
export const METRIC_DB_CLIENT_CONNECTION_TIMEOUTS = 'db.client.connection.timeouts'
export const METRIC_DB_CLIENT_CONNECTION_WAIT_TIME = 'db.client.connection.wait_time'
export const METRIC_DB_CLIENT_CONNECTION_USE_TIME = 'db.client.connection.use_time'

/** `q1:` and 16 hexadecimal digits: the same for the same statement with other values. */
export const ATTR_QUERYLENS_QUERY_FINGERPRINT = 'querylens.query.fingerprint'
/** `cancelled`, `stopped` or `abandoned`; absent from a query that ran to its end. */
export const ATTR_QUERYLENS_QUERY_OUTCOME = 'querylens.query.outcome'
/** How long the pool kept the caller of this statement waiting, in seconds. */
export const ATTR_QUERYLENS_CONNECTION_WAIT_TIME = 'querylens.connection.wait_time'
/** The unit of work that the statement belongs to. */
export const ATTR_QUERYLENS_SCOPE_NAME = 'querylens.scope.name'
export const ATTR_QUERYLENS_TRANSACTION_ISOLATION_LEVEL = 'querylens.transaction.isolation_level'
export const ATTR_QUERYLENS_TRANSACTION_ACCESS_MODE = 'querylens.transaction.access_mode'
/** `committed`, `rolled_back`, `failed` or `abandoned`. */
export const ATTR_QUERYLENS_TRANSACTION_OUTCOME = 'querylens.transaction.outcome'
/** Statements that the application ran in the transaction. */
export const ATTR_QUERYLENS_TRANSACTION_QUERY_COUNT = 'querylens.transaction.query_count'
