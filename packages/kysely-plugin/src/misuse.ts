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

const AWAITED = { config: 'querylens({ dialect: await … })', dialect: 'instrumentDialect(await …)' }

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

/**
 * Makes the result of `querylens()` fail with the line to write, when Kysely gets it as a plugin or as a dialect. Kysely
 * would only say that a method is not a function. The methods are not enumerable: a copy of the configuration has none.
 */
export function refuseAsPart(config: object): void {
  const parts = { transformQuery: 'among its plugins', createDriver: 'as its dialect' }
  for (const [method, where] of Object.entries(parts)) {
    Object.defineProperty(config, method, {
      value: () => {
        throw new QuerylensError(
          'QUERYLENS_INVALID_ARGUMENT',
          `Kysely got the result of querylens() ${where}. Write new Kysely(querylens({ dialect, plugins })), because it is a configuration of Kysely.`,
        )
      },
    })
  }
}

/**
 * Refuses options that are part of the configuration, where they would have no effect.
 *
 * @throws QuerylensError for the first of them
 */
export function refuseOptionsIn(config: object, names: readonly string[]): void {
  const own = { ...config } as Readonly<Record<string, unknown>>
  const name = names.find((option) => Object.hasOwn(own, option) && own[option] !== undefined)
  if (name === undefined) return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `querylens() got its option '${name}' in the configuration of Kysely. Write querylens({ dialect }, { ${name}: … }), because the options are the second argument.`,
  )
}

export function isDialect(value: unknown): value is Dialect {
  return has(value, 'createDriver', 'createAdapter')
}

function inWords(value: unknown, wanted: 'config' | 'dialect'): string {
  const mistake = mistakeIn(value, wanted)
  if (mistake !== undefined) return mistake
  if (!isRecord(value) || !Object.hasOwn(value, 'dialect')) return describeValue(value)

  const { dialect } = value
  const what = 'a configuration whose dialect is'
  if (dialect === undefined) return `${what} undefined`
  if (has(dialect, 'then')) return `${what} a promise. Write ${AWAITED[wanted]}`
  return `${what} ${mistakeIn(dialect, wanted) ?? describeValue(dialect)}`
}

function mistakeIn(value: unknown, wanted: 'config' | 'dialect'): string | undefined {
  const mistake = MISTAKES.find(({ matches }) => matches(value))
  return mistake && `${mistake.what}. Write ${mistake[wanted]}`
}

/** Whether a value has these methods. */
function has(value: unknown, ...methods: readonly string[]): boolean {
  return isRecord(value) && methods.every((method) => typeof value[method] === 'function')
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(String(value))
}
