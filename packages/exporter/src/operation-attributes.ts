import type { Attributes } from '@opentelemetry/api'
import type { DatabaseInfo, QueryShape } from '@querylens/core'

import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from './attributes.js'

/** What all executions of a query shape on a database have in common. Nothing changes it once it is made. */
export interface OperationAttributes {
  readonly spanName: string
  /** Without text and table. The SDK hashes each attribute at each query, and the summary names the table. */
  readonly forMetrics: Attributes
  /** For spans without `db.query.text`. */
  readonly withoutText: Attributes
  /** The same with `db.query.text`. */
  readonly withText: Attributes
}

const cache = new WeakMap<DatabaseInfo, WeakMap<QueryShape, OperationAttributes>>()

/** The attributes of a query shape, built once for each shape and database. */
export function operationAttributes(database: DatabaseInfo, shape: QueryShape): OperationAttributes {
  let byShape = cache.get(database)
  if (byShape === undefined) cache.set(database, (byShape = new WeakMap()))
  let attributes = byShape.get(shape)
  if (attributes === undefined) byShape.set(shape, (attributes = build(database, shape)))
  return attributes
}

function build(database: DatabaseInfo, shape: QueryShape): OperationAttributes {
  const { operation, summary, collection, text } = shape
  const ofDatabase = databaseAttributes(database)
  const forMetrics: Attributes = { ...ofDatabase }
  if (operation !== undefined) forMetrics[ATTR_DB_OPERATION_NAME] = operation
  if (summary !== '') forMetrics[ATTR_DB_QUERY_SUMMARY] = summary
  const withoutText: Attributes = { ...forMetrics }
  if (collection !== undefined) withoutText[ATTR_DB_COLLECTION_NAME] = collection
  return {
    // The order of the conventions: summary, namespace, name of the system.
    spanName: summary || database.namespace || database.system,
    forMetrics: sorted(forMetrics),
    withoutText,
    withText: text === '' ? withoutText : { ...withoutText, [ATTR_DB_QUERY_TEXT]: text },
  }
}

/** The SDK sorts the attributes at each measurement, which takes half as long for sorted ones. */
function sorted(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The attributes of a database. */
export function databaseAttributes(database: DatabaseInfo): Attributes {
  const attributes: Attributes = { [ATTR_DB_SYSTEM_NAME]: database.system }
  if (database.namespace !== undefined) attributes[ATTR_DB_NAMESPACE] = database.namespace
  if (database.serverAddress !== undefined) attributes[ATTR_SERVER_ADDRESS] = database.serverAddress
  const { serverPort, system } = database
  // The conventions leave the default port out, and the SDK hashes each attribute at each query.
  if (serverPort !== undefined && serverPort !== DEFAULT_PORTS.get(system))
    attributes[ATTR_SERVER_PORT] = serverPort
  return attributes
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['postgresql', 5432],
  ['mysql', 3306],
  ['mariadb', 3306],
  ['microsoft.sql_server', 1433],
])
