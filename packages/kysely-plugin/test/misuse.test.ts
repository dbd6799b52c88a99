import {
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  type Dialect,
  type KyselyConfig,
  type KyselyPlugin,
} from 'kysely'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'

import { instrumentDialect, querylens } from '../src/index.js'
import { openSqliteDatabase } from './support/sqlite-database.js'
import { createStubDialect } from './support/stub-dialect.js'

const dialect = createStubDialect()
const pool = new Pool()

/** What users without TypeScript write: the value, and what the messages of the two functions say. */
const mistakes: readonly (readonly [value: unknown, got: string, config: string, dialect: string])[] = [
  [
    undefined,
    'nothing',
    'new Kysely(querylens({ dialect, plugins })), because it is not a plugin of Kysely',
    'instrumentDialect(dialect)',
  ],
  [
    new Kysely({ dialect }),
    'an instance of Kysely',
    'new Kysely(querylens({ dialect })): Querylens wraps the configuration',
    'new Kysely({ dialect: instrumentDialect(dialect) })',
  ],
  [Promise.resolve(dialect), 'a promise', 'querylens(await …)', 'instrumentDialect(await …)'],
  [
    PostgresDialect,
    'a class',
    'querylens({ dialect: new PostgresDialect({ pool }) })',
    'instrumentDialect(new PostgresDialect({ pool }))',
  ],
  [
    { dialect: MysqlDialect },
    'a configuration whose dialect is a class',
    'querylens({ dialect: new PostgresDialect({ pool }) })',
    'instrumentDialect(new PostgresDialect({ pool }))',
  ],
  [
    { dialect: pool },
    'a configuration whose dialect is a pool or a client',
    'querylens({ dialect: new PostgresDialect({ pool }) })',
    'instrumentDialect(new PostgresDialect({ pool }))',
  ],
  [
    { dialect: Promise.resolve(dialect) },
    'a configuration whose dialect is a promise',
    'querylens({ dialect: await … })',
    'instrumentDialect(await …)',
  ],
  [
    { dialect: { dialect } },
    'a configuration whose dialect is a configuration of Kysely',
    'querylens(config)',
    'querylens(config) or instrumentDialect(config.dialect)',
  ],
  [
    pool,
    'a pool or a client',
    'querylens({ dialect: new PostgresDialect({ pool }) })',
    'instrumentDialect(new PostgresDialect({ pool }))',
  ],
  [
    { getConnection() {}, query() {}, end() {} },
    'a pool of mysql2',
    'querylens({ dialect: new MysqlDialect({ pool }) })',
    'instrumentDialect(new MysqlDialect({ pool }))',
  ],
  [
    openSqliteDatabase(),
    'a database of SQLite',
    'querylens({ dialect: new SqliteDialect({ database }) })',
    'instrumentDialect(new SqliteDialect({ database }))',
  ],
]

const wrong = (message: string): unknown =>
  expect.objectContaining({
    code: 'QUERYLENS_INVALID_ARGUMENT',
    message: expect.stringContaining(message) as string,
  })

describe('querylens', () => {
  it.each(mistakes)('says what to write in place of %o', (value, got, line) => {
    expect(() => querylens(value as KyselyConfig)).toThrow(wrong(`but got ${got}. Write ${line}`) as Error)
  })

  it('says what to write when it gets a dialect', () => {
    expect(() => querylens(new SqliteDialect({ database: openSqliteDatabase() }) as never)).toThrow(
      wrong('but got a dialect. Write querylens({ dialect }) or instrumentDialect(dialect).') as Error,
    )
  })

  it('says what to write when it is a plugin that nobody called', async () => {
    for (const wrapper of [querylens, instrumentDialect]) {
      const db = new Kysely<{ person: object }>({ dialect, plugins: [wrapper as unknown as KyselyPlugin] })
      await expect(async () => db.selectFrom('person').selectAll().execute()).rejects.toEqual(
        wrong(
          `Kysely got ${wrapper.name} among its plugins. Write new Kysely(querylens({ dialect, plugins }))`,
        ),
      )
    }
  })

  it('says what to write when its result is a plugin or a dialect', async () => {
    const config = querylens({ dialect })
    const line = 'Write new Kysely(querylens({ dialect, plugins })), because it is a configuration of Kysely.'
    const db = new Kysely<{ person: object }>({ dialect, plugins: [config as unknown as KyselyPlugin] })
    await expect(async () => db.selectFrom('person').selectAll().execute()).rejects.toEqual(
      wrong(`Kysely got the result of querylens() among its plugins. ${line}`),
    )
    expect(() => new Kysely({ dialect: config as unknown as Dialect })).toThrow(
      wrong(`Kysely got the result of querylens() as its dialect. ${line}`) as Error,
    )
    expect(Object.keys({ ...config })).toEqual(['dialect'])
  })

  it('refuses options in the configuration, which would have no effect', () => {
    const config = { dialect, detect: { mode: 'throw' } }
    expect(() => querylens(config)).toThrow(
      wrong(
        "querylens() got its option 'detect' in the configuration of Kysely. Write querylens({ dialect }, { detect: … })",
      ) as Error,
    )
    expect(() => querylens({ dialect, connection: undefined })).not.toThrow()
  })

  it('says what to write when the option connection is a pool', () => {
    expect(() => querylens({ dialect }, { connection: pool as never })).toThrow(
      "Option 'connection' of querylens() takes a connection string, or the options of the pool, but got the pool itself. Write connection: pool.options.",
    )
  })

  it('says which dialect is missing', () => {
    expect(() => querylens({ dialect: undefined } as unknown as KyselyConfig)).toThrow(
      wrong('but got a configuration whose dialect is undefined.') as Error,
    )
  })
})

describe('a plugin that is none', () => {
  it.each([[undefined], [null], [false]])('leaves the error to Kysely: %s', async (value) => {
    const plugins = [value as unknown as KyselyPlugin]
    const errorOf = async (config: KyselyConfig): Promise<unknown> =>
      await new Kysely<{ person: object }>(config)
        .selectFrom('person')
        .selectAll()
        .execute()
        .catch((error: unknown) => error)
    const bare = await errorOf({ dialect, plugins }).catch((error: unknown) => error)
    const instrumented = await errorOf(querylens({ dialect, plugins })).catch((error: unknown) => error)
    expect(bare).toBeInstanceOf(TypeError)
    expect(instrumented).toEqual(bare)
  })
})

describe('instrumentDialect', () => {
  it.each(mistakes)('says what to write in place of %o', (value, got, _, line) => {
    expect(() => instrumentDialect(value as Dialect)).toThrow(wrong(`but got ${got}. Write ${line}`) as Error)
  })

  it('says what to write when it gets a configuration', () => {
    expect(() => instrumentDialect({ dialect } as never)).toThrow(
      wrong(
        'but got a configuration of Kysely. Write querylens(config) or instrumentDialect(config.dialect).',
      ) as Error,
    )
  })
})
