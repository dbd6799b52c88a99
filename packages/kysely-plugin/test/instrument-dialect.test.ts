import { runInScope } from '@querylens/core'
import {
  CamelCasePlugin,
  Kysely,
  MysqlAdapter,
  MysqlDialect,
  PostgresAdapter,
  PostgresDialect,
  sql,
  SqliteDialect,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type LogEvent,
  type Driver,
  type PostgresPool,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import * as other from 'kysely-next'
import { describe, expect, expectTypeOf, it } from 'vitest'

import { instrumentDialect, querylens } from '../src/index.js'
import { collectFindings } from './support/collect-findings.js'
import { recordExecutions } from './support/record-executions.js'
import { openSqliteDatabase } from './support/sqlite-database.js'
import { createStubDialect } from './support/stub-dialect.js'

const recording = recordExecutions()
const findings = collectFindings()

/** A dialect whose members need the object that has its private fields. */
class ShopDialect implements Dialect {
  readonly region = 'eu'
  readonly onQuery = (): string => this.#secret
  #inner = createStubDialect()
  #secret = 'secret'

  get secret(): string {
    return this.#secret
  }
  set secret(secret: string) {
    this.#secret = secret
  }
  describe(): string {
    return `${this.region} ${this.#secret}`
  }
  createDriver = (): Driver => this.#inner.createDriver()
  createAdapter(): MysqlAdapter {
    return this.#inner.createAdapter() as MysqlAdapter
  }
  createQueryCompiler(): ReturnType<Dialect['createQueryCompiler']> {
    return this.#inner.createQueryCompiler()
  }
  createIntrospector(db: Kysely<any>): ReturnType<Dialect['createIntrospector']> {
    return this.#inner.createIntrospector(db)
  }
}

const query = (dialect: Dialect): Promise<unknown> => sql`select 1`.execute(new Kysely({ dialect }))

describe('an instrumented dialect', () => {
  it('is of the class of the dialect, in types and at run time', () => {
    const pool = {} as PostgresPool
    const dialect = instrumentDialect(new PostgresDialect({ pool }))
    expectTypeOf(dialect).toEqualTypeOf<PostgresDialect>()
    expect(dialect).toBeInstanceOf(PostgresDialect)
    expect(dialect.constructor).toBe(PostgresDialect)
    const config = querylens({ dialect: new PostgresDialect({ pool }), plugins: [] })
    expectTypeOf(config.dialect).toEqualTypeOf<PostgresDialect>()
    expect(config.dialect).toBeInstanceOf(PostgresDialect)
    expect(config.dialect).not.toBeInstanceOf(MysqlDialect)
    querylens({
      dialect,
      log(event) {
        expectTypeOf(event).toEqualTypeOf<LogEvent>()
      },
    })
    // @ts-expect-error -- a pool is no dialect
    expect(() => instrumentDialect(pool)).toThrow('takes a Kysely dialect')
    // @ts-expect-error -- a configuration needs a dialect
    expect(() => querylens({ log: ['query'] })).toThrow('with a dialect')
  })

  it('has the fields, getters and methods of the dialect, private fields included', async () => {
    const inner = new ShopDialect()
    const dialect = instrumentDialect(inner)
    expect(Object.keys(dialect)).toEqual(Object.keys(inner))
    expect([dialect.region, dialect.secret, dialect.describe()]).toEqual(['eu', 'secret', 'eu secret'])
    expect(dialect.onQuery).toBe(inner.onQuery)
    expect(dialect.describe).toBe(dialect.describe)
    dialect.secret = 'new'
    expect(inner.describe()).toBe('eu new')
    await query(dialect)
    expect(recording.queries).toHaveLength(1)
  })

  it('leaves the dialect as it is', async () => {
    const inner = new SqliteDialect({ database: openSqliteDatabase() })
    const before = Object.getOwnPropertyDescriptors(inner)
    instrumentDialect(inner).createDriver()
    expect(Object.getOwnPropertyDescriptors(inner)).toEqual(before)
    expect('createDriver' in Object.getOwnPropertyDescriptors(inner)).toBe(false)
    await query(inner)
    expect(recording.queries).toHaveLength(0)
  })

  it.each<[string, (dialect: Dialect) => Dialect]>([
    ['frozen', (dialect) => Object.freeze({ ...dialect })],
    ['sealed', (dialect) => Object.seal({ ...dialect })],
    ['without a prototype', (dialect) => Object.assign(Object.create(null) as object, dialect) as Dialect],
    ['a proxy', (dialect) => new Proxy(dialect, {})],
  ])('works for a dialect that is %s', async (_, change) => {
    const inner = change(createStubDialect())
    const dialect = instrumentDialect(inner)
    await query(dialect)
    await query({ ...dialect })
    expect(recording.queries).toHaveLength(2)
    expect(Object.keys(dialect)).toEqual(Object.keys(inner))
    expect(instrumentDialect(dialect)).toBe(dialect)
  })

  it('records when a library replaces createDriver of it', async () => {
    const dialect = instrumentDialect(createStubDialect())
    const original = dialect.createDriver
    let drivers = 0
    dialect.createDriver = () => {
      drivers++
      return original()
    }
    await query(dialect)
    expect([drivers, recording.queries.length]).toEqual([1, 1])
  })
})

describe('a second copy of Kysely', () => {
  it('has other classes', () => {
    expect(new other.PostgresAdapter()).not.toBeInstanceOf(PostgresAdapter)
  })

  it.each([
    ['PostgresAdapter', 'postgresql'],
    ['PGliteAdapter', 'postgresql'],
    ['MysqlAdapter', 'mysql'],
    ['SqliteAdapter', 'sqlite'],
    ['MssqlAdapter', 'microsoft.sql_server'],
  ] as const)('has an %s, which is known as %s', async (name, system) => {
    const Adapter = other[name] as unknown as new () => DialectAdapter
    const dialect = { ...createStubDialect(), createAdapter: () => new Adapter() }
    await query(instrumentDialect(dialect))
    class Extended extends Adapter {}
    await query(instrumentDialect({ ...dialect, createAdapter: () => new Extended() }))
    expect(recording.queries.map(({ database }) => database.system)).toEqual([system, system])
  })

  it('keeps its own types', async () => {
    const database = openSqliteDatabase()
    const dialect = instrumentDialect(new other.SqliteDialect({ database }))
    expectTypeOf(dialect).toEqualTypeOf<other.SqliteDialect>()
    const db = new other.Kysely<object>(
      querylens({ dialect: new other.SqliteDialect({ database }), plugins: [new other.CamelCasePlugin()] }),
    )
    await other.sql`select 1`.execute(db)
    expect(recording.queries.map(({ database: { system } }) => system)).toEqual(['sqlite'])
  })

  it('has a CamelCasePlugin, whose names suggestions use', async () => {
    const suggestion = async (plugin: CamelCasePlugin): Promise<string | undefined> => {
      const db = new Kysely<{ orderItem: { orderId: number } }>(
        querylens({ dialect: createStubDialect(), plugins: [plugin] }),
      )
      findings.closed.length = 0
      await runInScope('job', async () => {
        for (let id = 0; id < 9; id++)
          await db.selectFrom('orderItem').selectAll().where('orderId', '=', id).execute()
      })
      return findings.closed[0]?.suggestion
    }
    const expected = await suggestion(new CamelCasePlugin())
    expect(expected).toContain('orderId')
    expect(await suggestion(new other.CamelCasePlugin() as never)).toBe(expected)
  })
})

/** Chooses a dialect for each connection with its first query, as a dialect for replicas does. */
class RoutingDialect implements Dialect {
  readonly #primary: Dialect
  readonly #replica: Dialect

  constructor(primary: Dialect, replica: Dialect) {
    this.#primary = primary
    this.#replica = replica
  }
  createDriver(): Driver {
    return new RoutingDriver(this.#primary.createDriver(), this.#replica.createDriver())
  }
  createAdapter(): ReturnType<Dialect['createAdapter']> {
    return this.#primary.createAdapter()
  }
  createQueryCompiler(): ReturnType<Dialect['createQueryCompiler']> {
    return this.#primary.createQueryCompiler()
  }
  createIntrospector(db: Kysely<any>): ReturnType<Dialect['createIntrospector']> {
    return this.#primary.createIntrospector(db)
  }
}

class RoutingConnection implements DatabaseConnection {
  #driver: Driver | undefined
  #connection: DatabaseConnection | undefined
  readonly #drivers: { readonly primary: Driver; readonly replica: Driver }

  constructor(primary: Driver, replica: Driver) {
    this.#drivers = { primary, replica }
  }
  async reach(name: 'primary' | 'replica'): Promise<[Driver, DatabaseConnection]> {
    this.#driver ??= this.#drivers[name]
    this.#connection ??= await this.#driver.acquireConnection()
    return [this.#driver, this.#connection]
  }
  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    const [, connection] = await this.reach(compiled.sql.startsWith('select') ? 'replica' : 'primary')
    return await connection.executeQuery(compiled)
  }
  async *streamQuery<Row>(compiled: CompiledQuery, size: number): AsyncGenerator<QueryResult<Row>> {
    const [, connection] = await this.reach('replica')
    yield* connection.streamQuery<Row>(compiled, size)
  }
  async release(): Promise<void> {
    if (this.#connection !== undefined) await this.#driver?.releaseConnection(this.#connection)
  }
}

class RoutingDriver implements Driver {
  readonly #primary: Driver
  readonly #replica: Driver

  constructor(primary: Driver, replica: Driver) {
    this.#primary = primary
    this.#replica = replica
  }
  async init(): Promise<void> {
    await Promise.all([this.#primary.init(), this.#replica.init()])
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    return new RoutingConnection(this.#primary, this.#replica)
  }
  async beginTransaction(connection: RoutingConnection, settings: TransactionSettings): Promise<void> {
    const [driver, own] = await connection.reach('primary')
    await driver.beginTransaction(own, settings)
  }
  async commitTransaction(connection: RoutingConnection): Promise<void> {
    const [driver, own] = await connection.reach('primary')
    await driver.commitTransaction(own)
  }
  async rollbackTransaction(connection: RoutingConnection): Promise<void> {
    const [driver, own] = await connection.reach('primary')
    await driver.rollbackTransaction(own)
  }
  async releaseConnection(connection: RoutingConnection): Promise<void> {
    await connection.release()
  }
  async destroy(): Promise<void> {
    await Promise.all([this.#primary.destroy(), this.#replica.destroy()])
  }
}

describe('a dialect that consists of dialects', () => {
  const outer = (dialect: Dialect): Dialect => instrumentDialect(dialect, { connection: { host: 'outer' } })
  const inner = (host: string): Dialect => instrumentDialect(createStubDialect(), { connection: { host } })

  async function use(dialect: Dialect): Promise<void> {
    const db = new Kysely<{ person: { id: number } }>({ dialect })
    await db.selectFrom('person').selectAll().execute()
    await db.deleteFrom('person').execute()
    for await (const row of db.selectFrom('person').selectAll().stream()) void row
    await db.transaction().execute((trx) => trx.selectFrom('person').selectAll().execute())
  }
  const hosts = () => recording.queries.map(({ database }) => database.serverAddress)

  it('is recorded once where both levels are instrumented, by the outer one', async () => {
    await use(outer(new RoutingDialect(inner('primary'), inner('replica'))))
    expect(hosts()).toEqual(['outer', 'outer', 'outer', 'outer'])
    expect(recording.transactions).toHaveLength(1)
    expect(recording.connections).toHaveLength(4)
    expect(recording.releases).toHaveLength(4)
  })

  it('is recorded by server where the inner dialects are instrumented', async () => {
    await use(new RoutingDialect(inner('primary'), inner('replica')))
    expect(hosts()).toEqual(['replica', 'primary', 'replica', 'primary'])
    expect(recording.transactions).toHaveLength(1)
  })

  it('is recorded completely where one of the inner dialects is instrumented, too', async () => {
    await use(outer(new RoutingDialect(inner('primary'), createStubDialect())))
    expect(hosts()).toHaveLength(4)
  })

  it('leaves the inner dialects instrumented for instances of their own', async () => {
    const primary = inner('primary')
    await use(outer(new RoutingDialect(primary, primary)))
    recording.queries.length = 0
    await query(primary)
    expect(hosts()).toEqual(['primary'])
  })
})
