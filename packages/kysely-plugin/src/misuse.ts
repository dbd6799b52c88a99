import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord } from '@querylens/core/internal'
import type { Dialect } from 'kysely'

/** A value that users pass by mistake, and the code to write in place of it. */
interface Mistake {
  readonly what: string
  matches(value: unknown): boolean
  /** In place of `querylens(value)`. */
  readonly config: string
  /** In place of `instrumentDialect(value)`. */
  readonly dialect: string
}

const PLUGIN = 'new Kysely(querylens({ dialect, plugins })), because it is not a plugin of Kysely'

const MISTAKES: readonly Mistake[] = [
  {
    what: 'nothing',
    matches: (value) => value === undefined,
    config: PLUGIN,
    dialect: 'instrumentDialect(dialect)',
  },
  {
    what: 'a promise',
    matches: (value) => has(value, 'then'),
    config: 'querylens(await …)',
    dialect: 'instrumentDialect(await …)',
  },
  {
    what: 'an instance of Kysely',
    matches: (value) => has(value, 'selectFrom', 'executeQuery'),
    config: 'new Kysely(querylens({ dialect })): Querylens wraps the configuration, not the instance',
    dialect:
      'new Kysely({ dialect: instrumentDialect(dialect) }): Querylens wraps the dialect, not the instance',
  },
  {
    what: 'a dialect',
    matches: isDialect,
    config: 'querylens({ dialect }) or instrumentDialect(dialect)',
    dialect: 'instrumentDialect(dialect)',
  },
  {
    what: 'a configuration of Kysely',
    matches: (value) => isRecord(value) && isDialect(value['dialect']),
    config: 'querylens(config)',
    dialect: 'querylens(config) or instrumentDialect(config.dialect)',
  },
  {
    what: 'a class',
    matches: (value) => isClass(value),
    config: 'querylens({ dialect: new PostgresDialect({ pool }) })',
    dialect: 'instrumentDialect(new PostgresDialect({ pool }))',
  },
  {
    what: 'a configuration whose dialect is a class',
    matches: (value) => isRecord(value) && isClass(value['dialect']),
    config: 'querylens({ dialect: new PostgresDialect({ pool }) })',
    dialect: 'instrumentDialect(new PostgresDialect({ pool }))',
  },
  {
    what: 'a pool of mysql2',
    matches: (value) => has(value, 'getConnection'),
    config: 'querylens({ dialect: new MysqlDialect({ pool }) })',
    dialect: 'instrumentDialect(new MysqlDialect({ pool }))',
  },
  {
    what: 'a pool or a client',
    matches: (value) => has(value, 'query', 'end'),
    config: 'querylens({ dialect: new PostgresDialect({ pool }) })',
    dialect: 'instrumentDialect(new PostgresDialect({ pool }))',
  },
  {
    what: 'a database of SQLite',
    matches: (value) => has(value, 'prepare', 'close'),
    config: 'querylens({ dialect: new SqliteDialect({ database }) })',
    dialect: 'instrumentDialect(new SqliteDialect({ database }))',
  },
]

/** The error for a first argument that is not what `querylens()` takes. */
export function configError(config: unknown): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `querylens() takes a Kysely configuration with a dialect, such as { dialect: new PostgresDialect({ pool }) }, but got ${inWords(config, 'config')}.`,
  )
}

/** The error for a first argument that is not what `instrumentDialect()` takes. */
export function dialectError(dialect: unknown): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `instrumentDialect() takes a Kysely dialect, such as new PostgresDialect({ pool }), but got ${inWords(dialect, 'dialect')}.`,
  )
}

/**
 * Makes a function fail with the line to write, when Kysely gets the function itself in its list of plugins. Kysely would
 * only say that `plugin.transformQuery` is not a function. It looks at its plugins with the first query.
 */
export function refuseAsPlugin(wrapper: (...args: never[]) => unknown): void {
  Object.defineProperty(wrapper, 'transformQuery', {
    value: () => {
      throw new QuerylensError(
        'QUERYLENS_INVALID_ARGUMENT',
        `Kysely got ${wrapper.name} among its plugins. Write ${PLUGIN}.`,
      )
    },
  })
}

export function isDialect(value: unknown): value is Dialect {
  return has(value, 'createDriver', 'createAdapter')
}

function inWords(value: unknown, wanted: 'config' | 'dialect'): string {
  const mistake = MISTAKES.find(({ matches }) => matches(value))
  return mistake === undefined ? describeValue(value) : `${mistake.what}. Write ${mistake[wanted]}`
}

/** Whether a value has these methods. */
function has(value: unknown, ...methods: readonly string[]): boolean {
  return isRecord(value) && methods.every((method) => typeof value[method] === 'function')
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(String(value))
}
