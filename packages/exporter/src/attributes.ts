/**
 * Names of attributes and metrics. The first part is OpenTelemetry's; a test compares it with
 * `@opentelemetry/semantic-conventions`. The second part is the namespace of Querylens, which never begins with `db.`.
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
export const ATTR_HTTP_REQUEST_METHOD = 'http.request.method'
export const ATTR_HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code'
export const ATTR_HTTP_ROUTE = 'http.route'
export const ATTR_URL_SCHEME = 'url.scheme'
export const ATTR_ERROR_TYPE = 'error.type'
export const ATTR_EXCEPTION_TYPE = 'exception.type'
export const ATTR_EXCEPTION_MESSAGE = 'exception.message'
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace'
export const ATTR_CODE_FILE_PATH = 'code.file.path'
export const ATTR_CODE_FUNCTION_NAME = 'code.function.name'
export const ATTR_CODE_LINE_NUMBER = 'code.line.number'

export const METRIC_DB_CLIENT_OPERATION_DURATION = 'db.client.operation.duration'
export const METRIC_DB_CLIENT_CONNECTION_COUNT = 'db.client.connection.count'
export const METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS = 'db.client.connection.pending_requests'
export const METRIC_DB_CLIENT_CONNECTION_TIMEOUTS = 'db.client.connection.timeouts'
export const METRIC_DB_CLIENT_CONNECTION_WAIT_TIME = 'db.client.connection.wait_time'
export const METRIC_DB_CLIENT_CONNECTION_USE_TIME = 'db.client.connection.use_time'

/** `q1:` and 16 hexadecimal digits: the same for a statement with other values. */
export const ATTR_QUERYLENS_QUERY_FINGERPRINT = 'querylens.query.fingerprint'
/** `cancelled`, `stopped` or `abandoned`; absent from a query that ran to its end. */
export const ATTR_QUERYLENS_QUERY_OUTCOME = 'querylens.query.outcome'
/** How long the pool kept the caller of this statement waiting, in seconds. */
export const ATTR_QUERYLENS_CONNECTION_WAIT_TIME = 'querylens.connection.wait_time'
/** The name of the scope that counts the statement. */
export const ATTR_QUERYLENS_SCOPE_NAME = 'querylens.scope.name'
export const ATTR_QUERYLENS_TRANSACTION_ISOLATION_LEVEL = 'querylens.transaction.isolation_level'
export const ATTR_QUERYLENS_TRANSACTION_ACCESS_MODE = 'querylens.transaction.access_mode'
/** `committed`, `rolled_back`, `failed` or `abandoned`. */
export const ATTR_QUERYLENS_TRANSACTION_OUTCOME = 'querylens.transaction.outcome'
/** Number of statements that the application ran in the transaction. */
export const ATTR_QUERYLENS_TRANSACTION_QUERY_COUNT = 'querylens.transaction.query_count'

/** The kinds of all findings in this span, each once: `n_plus_one`, `duplicate_query`, … */
export const ATTR_QUERYLENS_FINDING_KINDS = 'querylens.finding.kinds'

/** One finding, as span event and as log event. The attributes that follow are those of both. */
export const EVENT_QUERYLENS_FINDING = 'querylens.finding'
export const ATTR_QUERYLENS_FINDING_KIND = 'querylens.finding.kind'
/** `low`, `medium` or `high`. */
export const ATTR_QUERYLENS_FINDING_SEVERITY = 'querylens.finding.severity'
/** `proven`, `repeated` or `measured`. */
export const ATTR_QUERYLENS_FINDING_EVIDENCE = 'querylens.finding.evidence'
/**
 * The finding in one line for a person: `N+1: 50x select comments at posts.ts:42; load them all …`, or `N+1 so far: …`
 * where the event was written before the scope ended. Backends sort attributes by name and cut long lines: so its name comes first, and
 * its text begins with the most important facts.
 */
export const ATTR_QUERYLENS_FINDING_BRIEF = 'querylens.finding.brief'
/** The lines in the code, from the query outwards: `findBook (src/books.ts:19) ← listBooks (src/app.ts:39)`. */
export const ATTR_QUERYLENS_FINDING_CALL_SITE = 'querylens.finding.call_site'
/** The statement whose rows supplied the parameters of a loop, where that is proven. */
export const ATTR_QUERYLENS_FINDING_SOURCE = 'querylens.finding.source'
/** What to write instead. */
export const ATTR_QUERYLENS_FINDING_SUGGESTION = 'querylens.finding.suggestion'
/** Number of executions, transactions or waits. */
export const ATTR_QUERYLENS_FINDING_COUNT = 'querylens.finding.count'

/**
 * The attributes from here on describe the worst loop, of reads or of writes. They are on the span of the query that
 * reached the limit, and on the spans around it. This one is `true`, or absent where there is no loop.
 */
export const ATTR_QUERYLENS_N_PLUS_ONE_DETECTED = 'querylens.n_plus_one.detected'
/** Executions of the repeated statement. */
export const ATTR_QUERYLENS_N_PLUS_ONE_COUNT = 'querylens.n_plus_one.count'
/** Number of distinct parameter sets among them. */
export const ATTR_QUERYLENS_N_PLUS_ONE_DISTINCT = 'querylens.n_plus_one.distinct'
/** The time in which at least one of them ran, in seconds: the sum of their durations without overlaps. */
export const ATTR_QUERYLENS_N_PLUS_ONE_DURATION = 'querylens.n_plus_one.duration'
/** The statement whose rows supplied the parameters. Present, like the next two, only where that is proven. */
export const ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SUMMARY = 'querylens.n_plus_one.source.summary'
/** The id of that statement's span in hexadecimal digits; absent where the span was not recorded. */
export const ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SPAN_ID = 'querylens.n_plus_one.source.span_id'
/** The column of that statement's rows that holds the parameters. */
export const ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_COLUMN = 'querylens.n_plus_one.source.column'
/** What to write instead. */
export const ATTR_QUERYLENS_N_PLUS_ONE_SUGGESTION = 'querylens.n_plus_one.suggestion'
/**
 * The lines from the query to the loop: `findBook (src/books.ts:19) ← listBooks (src/app.ts:39)`. The query's own span also
 * has `code.*`, with the line of the loop.
 */
export const ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE = 'querylens.n_plus_one.call_site'

/** The type of a link: `n_plus_one.source` links to the query whose rows supplied the parameters of a loop. */
export const ATTR_QUERYLENS_LINK_TYPE = 'querylens.link.type'

/** Number of findings in scopes that have ended, by kind and severity. */
export const METRIC_QUERYLENS_FINDINGS = 'querylens.findings'
/** Number of statements of a scope that has ended. */
export const METRIC_QUERYLENS_SCOPE_QUERY_COUNT = 'querylens.scope.query_count'
