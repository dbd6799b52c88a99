import {
  CamelCasePlugin,
  MssqlAdapter,
  MysqlAdapter,
  PostgresAdapter,
  SqliteAdapter,
  type DialectAdapter,
} from 'kysely'

type KyselyClass = 'CamelCasePlugin' | 'MssqlAdapter' | 'MysqlAdapter' | 'PostgresAdapter' | 'SqliteAdapter'

/** The classes of this copy of Kysely by their names. */
const CLASSES: Readonly<Record<KyselyClass, new () => object>> = {
  CamelCasePlugin,
  MssqlAdapter,
  MysqlAdapter,
  PostgresAdapter,
  SqliteAdapter,
}

const SYSTEMS: readonly (readonly [adapter: KyselyClass, system: string])[] = [
  ['PostgresAdapter', 'postgresql'],
  ['MysqlAdapter', 'mysql'],
  ['SqliteAdapter', 'sqlite'],
  ['MssqlAdapter', 'microsoft.sql_server'],
]

/** The `db.system.name` of an adapter; `undefined` if it extends none of Kysely's. */
export function systemOfAdapter(adapter: DialectAdapter): string | undefined {
  return SYSTEMS.find(([name]) => isKyselys(name, adapter))?.[1]
}

/**
 * Whether an object is of a class of any copy of Kysely, or of one that extends it. An application often has a second
 * copy, because some ORMs pin its version. A bundler that minifies changes the names: then only this copy counts.
 */
export function isKyselys(name: KyselyClass, value: unknown): boolean {
  if (value instanceof CLASSES[name]) return true
  // What is no object, such as `undefined` among the plugins, makes Kysely fail. The error has to be Kysely's.
  if (typeof value !== 'object' || value === null) return false
  for (let prototype: object = value; ;) {
    prototype = Object.getPrototypeOf(prototype) as object
    if (prototype === null) return false
    if (prototype.constructor?.name === name) return true
  }
}
