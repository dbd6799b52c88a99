import { runInScope, type QueryExecution } from '@querylens/core'
import {
  DummyDriver,
  Kysely,
  MssqlAdapter,
  MysqlAdapter,
  PGliteAdapter,
  PostgresAdapter,
  sql,
  SqliteAdapter,
  SqliteDialect,
  type DialectAdapter,
} from 'kysely'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'

import { instrumentDialect, querylens, type ConnectionInfo, type QuerylensOptions } from '../src/index.js'
import type { Database } from './support/database.js'
import { recordExecutions } from './support/record-executions.js'
import { openSqliteDatabase } from './support/sqlite-database.js'
import { createStubDialect } from './support/stub-dialect.js'

const recording = recordExecutions()

describe('querylens', () => {
  it('replaces only the dialect of the configuration', () => {
    const plugins: never[] = []
    const config = { dialect: createStubDialect(), plugins, log: ['error' as const] }
    const instrumented = querylens(config)
    expect(instrumented).not.toBe(config)
    expect(instrumented.plugins).toBe(plugins)
    expect(instrumented.log).toBe(config.log)
    expect(config.dialect).not.toBe(instrumented.dialect)
  })

  it.each([[undefined], [null], [{}], [{ dialect: 'postgres' }], ['postgres://localhost']])(
    'rejects the configuration %j',
    (config) => {
      expect(() => querylens(config as never)).toThrow(
        expect.objectContaining({
          code: 'QUERYLENS_INVALID_ARGUMENT',
          message: expect.stringMatching(
            /^querylens\(\) takes a Kysely configuration with a dialect, .*but got /,
          ),
        }) as Error,
      )
    },
  )

  it('rejects an unknown option', () => {
    expect(() =>
      querylens({ dialect: createStubDialect() }, { namspace: 'shop' } as QuerylensOptions),
    ).toThrow(
      "querylens() has no option 'namspace'. It takes: connection, system, sqlDialect, poolName, backslashEscapes, mergeNames, detect.",
    )
  })

  it('records a query once although the dialect is instrumented twice', async () => {
    const dialect = instrumentDialect(instrumentDialect(createStubDialect()))
    await sql`select 1`.execute(new Kysely(querylens({ dialect })))
    expect(recording.queries).toHaveLength(1)
  })

  it('rejects options for a dialect that is instrumented', () => {
    const dialect = instrumentDialect(createStubDialect())
    expect(() => querylens({ dialect }, { poolName: 'shop' })).toThrow(
      'querylens() got a dialect that Querylens has already instrumented, so that its options have no effect. Pass the options to the first call.',
    )
  })

  it('records the connections of two instances that share a dialect', async () => {
    const dialect = instrumentDialect(createStubDialect())
    await sql`select a`.execute(new Kysely({ dialect }))
    await sql`select b`.execute(new Kysely({ dialect }))
    expect(recording.queries.map(({ shape }) => shape.text)).toEqual(['select a', 'select b'])
  })
})

describe('backslashEscapes, mergeNames and system', () => {
  const read = async (options: QuerylensOptions, text: string) => {
    await sql.raw(text).execute(new Kysely(querylens({ dialect: createStubDialect() }, options)))
    return recording.queries.at(-1)?.shape
  }

  it('change the shape of a statement', async () => {
    const path = "select 'C:\\' as a, b"
    expect((await read({}, path))?.text).toBe('select …')
    expect((await read({ backslashEscapes: false }, path))?.text).toBe('select ? as a, b')
    const [one, other] = ['events_1', 'events_2'].map((table) => `select a from ${table}`) as [string, string]
    expect((await read({}, one))?.fingerprint).not.toBe((await read({}, other))?.fingerprint)
    const merging = { mergeNames: true }
    expect((await read(merging, one))?.fingerprint).toBe((await read(merging, other))?.fingerprint)
    expect((await read(merging, one))?.summary).toBe('select events_?')
    expect((await read({ mergeNames: /^tenant_.+/ }, 'select a from tenant_x.t'))?.summary).toBe('select ?.t')
  })

  it.each([
    ['postgres', 'postgresql'],
    ['PG', 'postgresql'],
    ['mssql', 'microsoft.sql_server'],
    ['sqlite3', 'sqlite'],
    ['cockroachdb', 'cockroachdb'],
  ])('map %s to the system %s', async (system, expected) => {
    await read({ system }, 'select 1')
    expect(recording.queries.at(-1)?.database.system).toBe(expected)
  })

  it.each(['', 'my database', 7])('reject the system %j', (system) => {
    expect(() => querylens({ dialect: createStubDialect() }, { system: system as string })).toThrow(
      "takes the name of a database system, such as 'postgresql'",
    )
  })
})

describe('option sqlDialect', () => {
  const TEXT = 'select id from posts where id = $1'
  const read = async (options: QuerylensOptions) => {
    await sql.raw(TEXT).execute(new Kysely(querylens({ dialect: createStubDialect() }, options)))
    const { database, shape } = recording.queries.at(-1)!
    return [database.system, shape.dialect, shape.text]
  }

  it.each<[QuerylensOptions, readonly string[]]>([
    [{ system: 'cockroachdb', sqlDialect: 'postgres' }, ['cockroachdb', 'postgresql', TEXT]],
    [{ system: 'cockroachdb' }, ['cockroachdb', 'other_sql', '']],
    [{ system: 'pg' }, ['postgresql', 'postgresql', TEXT]],
  ])('%j gives system, dialect and text %j', async (options, expected) => {
    await expect(read(options)).resolves.toEqual(expected)
  })

  it.each(['postgrsql', 'cockroachdb', '', 7])('rejects %j', (sqlDialect) => {
    expect(() => querylens({ dialect: createStubDialect() }, { sqlDialect: sqlDialect as string })).toThrow(
      /'sqlDialect' of querylens\(\) takes a system whose rules Querylens knows: 'postgresql', .+ 'pg'/,
    )
  })
})

describe('option connection', () => {
  const locate = async (connection: QuerylensOptions['connection']) => {
    await sql`select 1`.execute(new Kysely(querylens({ dialect: createStubDialect() }, { connection })))
    const { namespace, serverAddress, serverPort, poolName } = recording.queries.at(-1)!.database
    return [namespace, serverAddress, serverPort, poolName]
  }

  it.each<[string, QuerylensOptions['connection'], (string | number | undefined)[]]>([
    ['no connection', undefined, [undefined, undefined, undefined, 'mysql']],
    [
      'a URL, without its user and password',
      'postgresql://ada:s3cr%40t@db.internal:6543/shop?sslmode=require',
      ['shop', 'db.internal', 6543, 'db.internal:6543/shop'],
    ],
    ['a URL without a port', 'mysql://db/shop', ['shop', 'db', undefined, 'db/shop']],
    ['an IPv6 address', 'postgres://[::1]:5432/shop', ['shop', '::1', 5432, '::1:5432/shop']],
    [
      'a socket',
      'postgresql:///shop?host=/var/run/postgresql&port=5433',
      ['shop', '/var/run/postgresql', 5433, '/var/run/postgresql:5433/shop'],
    ],
    ['an encoded name', 'postgresql://db/caf%C3%A9', ['café', 'db', undefined, 'db/café']],
    [
      'the options of a pool',
      { host: 'db', port: 5432, database: 'shop', user: 'ada', password: 's3cret' } as ConnectionInfo,
      ['shop', 'db', 5432, 'db:5432/shop'],
    ],
    [
      'a connection string in place of the other options of a pool',
      { connectionString: 'postgresql://ada:s3cret@db:5433/shop', host: 'fallback', database: 'other' },
      ['shop', 'db', 5433, 'db:5433/shop'],
    ],
    [
      'a connection string that only the pool can read as unknown',
      { connectionString: 'ada:s3cret@db/shop', database: 'other' },
      [undefined, undefined, undefined, 'mysql'],
    ],
    ['the socket of pg', '/var/run/pg shop', ['shop', '/var/run/pg', undefined, '/var/run/pg/shop']],
    [
      'the socket URL of pg',
      'socket:/var/run/pg?db=shop',
      ['shop', '/var/run/pg', undefined, '/var/run/pg/shop'],
    ],
    [
      'the socket of mysql2',
      { socketPath: '/run/mysqld.sock', host: 'localhost', port: 3306, database: 'shop' },
      ['shop', '/run/mysqld.sock', undefined, '/run/mysqld.sock/shop'],
    ],
    ['an encoded socket', 'postgresql://%2Fvar%2Frun/shop', ['shop', '/var/run', undefined, '/var/run/shop']],
    ['a port as text', { host: 'db', port: '5432' as never }, [undefined, 'db', 5432, 'db:5432']],
    ['no options', {}, [undefined, undefined, undefined, 'mysql']],
  ])('reads %s', async (_, connection, expected) => {
    await expect(locate(connection)).resolves.toEqual(expected)
  })

  it.each<[string, unknown, RegExp]>([
    ...[
      'host=db password=s3cret',
      'postgresql://ada:s3cret@a:1,b:2/shop',
      'jdbc:postgresql://ada:s3cret@host:5432/shop',
      'shop:s3cret@db.internal:5432/shop',
      'ada:s3cret',
      'localhost:5432/s3cret',
      'sqlserver://db.internal;database=shop;user=sa;password=s3cret',
      'mssql://ada:p@host/shop;password=s3cret',
      'mysql:ada:s3cret@tcp(host:3306)/shop',
      'postgres://ada:12/s3cret@host/db',
      'postgresql://ada:s3cret@db:0.5/shop',
    ].map((text): [string, unknown, RegExp] => [
      text,
      text,
      /takes a connection string such as .+, but got a string of \d+ characters that has another form; pass \{ host/,
    ]),
    [
      'a host with a password',
      { host: 'ada:s3cret@db' },
      /takes a host name, .+, but got a string of 13 characters/,
    ],
    [
      'a URL as name',
      { database: 'postgresql://ada:s3cret@db/shop' },
      /takes the name of a database, but got a string/,
    ],
    [
      'a URL object',
      new URL('postgresql://ada:s3cret@db:5433/shop'),
      /takes a host name, .+, but got a string of 7/,
    ],
    ['a name that is a number', { database: 5 }, /takes the name of a database, but got the number 5/],
    [
      'a port in words',
      { host: 'db', port: 's3cret' },
      /takes a port from 1 to 65535, but got a string of 6/,
    ],
    ['port 70000', { port: 70_000 }, /takes a port from 1 to 65535, but got the number 70000/],
    ['a number', 5432, /takes a connection string, or an object with host, port and database, but got/],
  ])('rejects %s without showing a secret', (_, connection, message) => {
    const make = (): unknown =>
      querylens({ dialect: createStubDialect() }, { connection: connection as ConnectionInfo })
    expect(make).toThrow(message)
    expect(make).not.toThrow(/s3cret/)
  })

  it('accepts the options of a pool of pg', async () => {
    const pool = new Pool({
      connectionString: 'postgresql://ada:s3cret@db.internal:6543/shop',
      host: 'fallback',
      database: 'other',
    })
    await expect(locate(pool.options)).resolves.toEqual([
      'shop',
      'db.internal',
      6543,
      'db.internal:6543/shop',
    ])
    await pool.end()
  })
})

describe('instrumentDialect', () => {
  it('rejects a value that is no dialect', () => {
    expect(() => instrumentDialect({ pool: {} } as never)).toThrow(
      'instrumentDialect() takes a Kysely dialect, such as new PostgresDialect({ pool }), but got an object with the keys pool.',
    )
  })

  it.each<[string, DialectAdapter]>([
    ['postgresql', new PostgresAdapter()],
    ['postgresql', new PGliteAdapter()],
    ['mysql', new MysqlAdapter()],
    ['sqlite', new SqliteAdapter()],
    ['microsoft.sql_server', new MssqlAdapter()],
    [
      'other_sql',
      Object.create(Object.getPrototypeOf(Object.getPrototypeOf(new PostgresAdapter())) as object),
    ],
  ])('recognizes %s by its adapter', async (system, adapter) => {
    const dialect = { ...createStubDialect(), createAdapter: () => adapter }
    await sql`select 1`.execute(new Kysely({ dialect: instrumentDialect(dialect) }))
    expect(recording.queries[0]?.database.system).toBe(system)
  })

  it('has savepoint methods only if the driver has them', () => {
    const withSavepoints = instrumentDialect(
      new SqliteDialect({ database: openSqliteDatabase() }),
    ).createDriver()
    expect(withSavepoints.savepoint).toBeTypeOf('function')
    const driver = new DummyDriver()
    Object.assign(driver, {
      savepoint: undefined,
      rollbackToSavepoint: undefined,
      releaseSavepoint: undefined,
    })
    const without = instrumentDialect({ ...createStubDialect(), createDriver: () => driver }).createDriver()
    expect('savepoint' in without && without.savepoint).toBeFalsy()
  })

  it('leaves a frozen connection unchanged', async () => {
    const dialect = instrumentDialect(createStubDialect(() => ({ rows: [{ one: 1 }] }), Object.freeze))
    await expect(sql`select 1 as one`.execute(new Kysely({ dialect }))).resolves.toEqual({
      rows: [{ one: 1 }],
    })
    expect(recording.queries).toHaveLength(0)
  })

  it('leaves a frozen query compiler unchanged, and instruments a shared one once', async () => {
    const stub = createStubDialect(() => ({ rows: [{ one: 1 }] }))
    const frozen = Object.freeze(stub.createQueryCompiler())
    const shared = stub.createQueryCompiler()
    for (const compiler of [frozen, shared]) {
      const dialect = { ...stub, createQueryCompiler: () => compiler }
      const [first, second] = [0, 1].map(() => instrumentDialect({ ...dialect }).createQueryCompiler())
      expect([first, second]).toEqual([compiler, compiler])
      const { compileQuery } = first!
      expect(instrumentDialect({ ...dialect }).createQueryCompiler().compileQuery).toBe(compileQuery)
      const db = new Kysely({ dialect: instrumentDialect({ ...dialect }) })
      await expect(sql`select 1 as one`.execute(db)).resolves.toEqual({ rows: [{ one: 1 }] })
    }
  })
})

describe('QueryExecution', () => {
  it('has the same fields for every outcome', async () => {
    const results: unknown[] = [{ rows: [1, 2] }, { rows: [], numAffectedRows: 3n }, {}, undefined]
    const db = new Kysely<Database>(querylens({ dialect: createStubDialect(() => results.shift()) }))
    for (let count = 0; count < 4; count++) await sql`select ${count}`.execute(db).catch(() => {})
    const keys = (execution: QueryExecution): string[] => Object.keys(execution)
    expect(recording.queries).toHaveLength(4)
    for (const execution of recording.queries) expect(keys(execution)).toEqual(keys(recording.queries[0]!))
    expect(recording.queries.map(({ returnedRows, affectedRows }) => [returnedRows, affectedRows])).toEqual([
      [2, undefined],
      [0, 3],
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  it('holds no parameter and no row', async () => {
    const db = new Kysely<Database>(
      querylens({ dialect: createStubDialect(() => ({ rows: [{ name: 'row' }] })) }),
    )
    await runInScope('job', () =>
      db.selectFrom('person').selectAll().where('first_name', '=', 'parameter').execute(),
    )
    const { scope, ...execution } = recording.queries[0]!
    expect(scope?.name).toBe('job')
    expect(JSON.stringify(execution)).not.toMatch(/"row"|parameter/)
  })

  it.each([['a string'], [undefined], [null], [{ odd: true }]])(
    'holds the thrown error %j',
    async (error) => {
      const dialect = createStubDialect(() => {
        throw error
      })
      const db = new Kysely<Database>(querylens({ dialect }))
      await expect(sql`select 1`.execute(db)).rejects.toBe(error)
      expect(recording.queries[0]).toMatchObject({ outcome: 'failed', failed: true, error })
    },
  )

  it('is counted in its scope', async () => {
    const db = new Kysely<Database>(
      querylens({
        dialect: createStubDialect(({ sql: text }) => {
          if (text.includes('fail')) throw new Error('failed')
          return { rows: [] }
        }),
      }),
    )
    await runInScope('job', async () => {
      await sql`select 1`.execute(db)
      await sql`select fail`.execute(db).catch(() => {})
    })
    expect(recording.queries[0]?.scope).toMatchObject({ name: 'job', queryCount: 2, failedQueryCount: 1 })
    expect(recording.queries[0]?.scope?.queryDurationMillis).toBeGreaterThan(0)
  })

  it('holds the wait for its connection if it is the first on it', async () => {
    const db = new Kysely<Database>(querylens({ dialect: createStubDialect() }))
    await db.connection().execute(async (connected) => {
      await sql`select 1`.execute(connected)
      await sql`select 2`.execute(connected)
    })
    const [first, second] = recording.queries
    expect(first?.connectionWaitMillis).toBe(recording.connections[0]?.waitMillis)
    expect(first?.connectionWaitMillis).toBeGreaterThanOrEqual(0)
    expect(second?.connectionWaitMillis).toBeUndefined()
    expect(recording.releases).toEqual(recording.connections)
    expect(recording.releases[0]?.useMillis).toBeGreaterThanOrEqual(0)
  })

  it('ends each use of a connection that a driver hands out several times', async () => {
    const shared = {
      executeQuery: async () => ({ rows: [] }),
      streamQuery: async function* () {},
    }
    const db = new Kysely<Database>(querylens({ dialect: createStubDialect(undefined, () => shared) }))
    await Promise.all([sql`select 1`.execute(db), sql`select 2`.execute(db), sql`select 3`.execute(db)])
    expect(recording.connections).toHaveLength(3)
    expect(new Set(recording.releases).size).toBe(3)
  })
})
