import { getEventListeners } from 'node:events'

import { runInScope } from '@querylens/core'
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  sql,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from 'kysely'
import { describe, expect, it } from 'vitest'

import { querylens } from '../src/index.js'
import { describeError } from './contract/connection-contract.js'
import { collectFindings } from './support/collect-findings.js'
import { recordExecutions } from './support/record-executions.js'
import { createStubDialect } from './support/stub-dialect.js'

type Db = Kysely<{ person: { id: number } }>

/** A driver or an argument of unusual form, and a program that meets it. */
interface StrangeInput {
  readonly name: string
  /** Makes the dialect of the program; by default a connection that returns two rows. */
  readonly dialect?: () => Dialect
  run(db: Db, observe: (what: unknown) => void): Promise<unknown>
}

const ROWS = { rows: [{ id: 1 }, { id: 2 }] } as unknown as QueryResult<never>

const query = (db: Db): Promise<unknown> => sql`select id from person where id = ${1}`.execute(db)

async function stream(db: Db, observe: (what: unknown) => void): Promise<void> {
  for await (const row of db.selectFrom('person').select('id').stream(1)) observe(row)
}

const withResult =
  (resultOf: () => unknown): (() => Dialect) =>
  () =>
    createStubDialect(resultOf)

const withConnection =
  (make: () => unknown): (() => Dialect) =>
  () =>
    createStubDialect(undefined, () => make() as DatabaseConnection)

const withStream = (makeChunks: () => unknown): (() => Dialect) =>
  withConnection(() => ({ executeQuery: async () => ROWS, streamQuery: makeChunks }))

function withDriver(change: (driver: DummyDriver) => object): () => Dialect {
  return () => {
    const stub = createStubDialect()
    return {
      ...stub,
      createDriver: () => {
        const driver = stub.createDriver() as DummyDriver
        return Object.assign(driver, change(driver))
      },
    }
  }
}

/** A signal as a polyfill or another realm makes it: no instance of this realm's `AbortSignal`. */
class ForeignSignal extends EventTarget {
  aborted = false
  reason: unknown = undefined

  abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    this.dispatchEvent(new Event('abort'))
  }
}

const queryWith = (db: Db, signal: unknown): Promise<unknown> =>
  sql`select 1`.execute(db, { signal: signal as AbortSignal })

class PrivateConnection {
  readonly #rows = ROWS
  async executeQuery(): Promise<unknown> {
    return this.#rows
  }
  async *streamQuery(): AsyncGenerator<unknown> {
    yield this.#rows
  }
}

class UnreadableError {
  get code(): string {
    throw new Error('not yours')
  }
}

const inputs: readonly StrangeInput[] = [
  { name: 'signal: null', run: (db) => queryWith(db, null) },
  { name: 'a signal of a polyfill', run: (db) => queryWith(db, new ForeignSignal()) },
  {
    name: 'a stream with a signal of a polyfill',
    async run(db, observe) {
      const options = { chunkSize: 1, signal: new ForeignSignal() as unknown as AbortSignal }
      for await (const row of db.selectFrom('person').select('id').stream(options)) observe(row)
    },
  },
  {
    name: 'a signal of a polyfill that fires while the pool is exhausted',
    dialect: () => createStubDialect(undefined, () => new Promise(() => {})),
    run(db) {
      const signal = new ForeignSignal()
      setTimeout(() => signal.abort(new Error('given up')), 5)
      return queryWith(db, signal)
    },
  },
  {
    name: 'a signal of a polyfill that has fired',
    run(db) {
      const signal = new ForeignSignal()
      signal.abort(new Error('too late'))
      return queryWith(db, signal)
    },
  },
  { name: 'a signal without addEventListener', run: (db) => queryWith(db, { aborted: false }) },
  {
    name: 'a signal whose aborted throws',
    run: (db) =>
      queryWith(db, {
        get aborted(): boolean {
          throw new Error('no')
        },
      }),
  },
  {
    name: 'a signal that is a string',
    run: (db) => queryWith(db, 'soon'),
  },
  ...[null, undefined, 7, 'done', [], { rows: null }, { rows: 'many' }, { numAffectedRows: 'many' }].map(
    (result): StrangeInput => ({
      name: `the result ${JSON.stringify(result)}`,
      dialect: withResult(() => result),
      run: query,
    }),
  ),
  {
    name: 'a stream of the chunks null and undefined',
    dialect: withStream(async function* () {
      yield null
      yield undefined
    }),
    run: (db) => readChunks(db),
  },
  {
    name: 'a result whose rows may be read twice, by Kysely and once more',
    dialect: withResult(() => {
      let reads = 0
      return {
        get rows() {
          if (reads++ > 1) throw new Error('read before')
          return ROWS.rows
        },
      }
    }),
    run: async (db, observe) => observe((await sql`select 1`.execute(db)).rows),
  },
  {
    name: 'a result whose rows throw',
    dialect: withResult(() => ({
      get rows() {
        throw new Error('not decoded')
      },
      numAffectedRows: 1n,
    })),
    run: async (db) => (await sql`select 1`.execute(db)).rows,
  },
  {
    name: 'rows whose values throw',
    dialect: withResult(() => ({
      rows: [1, 2].map(() => ({
        get id() {
          throw new Error('not decoded')
        },
      })),
    })),
    run: async (db) => ((await query(db)) as { rows: unknown[] }).rows.length,
  },
  {
    name: 'a frozen result',
    dialect: withResult(() => Object.freeze({ rows: Object.freeze([]) })),
    run: query,
  },
  {
    name: 'a thenable instead of a promise',
    dialect: withConnection(() => ({
      // oxlint-disable-next-line unicorn/no-thenable -- such drivers exist
      executeQuery: () => ({ then: (resolve: (value: unknown) => void) => resolve(ROWS) }),
    })),
    run: query,
  },
  {
    name: 'a result without a promise',
    dialect: withConnection(() => ({ executeQuery: () => ROWS })),
    run: query,
  },
  {
    name: 'executeQuery that throws before it returns',
    dialect: withConnection(() => ({
      executeQuery: () => {
        throw new Error('at once')
      },
    })),
    run: query,
  },
  {
    name: 'a stream that is an array',
    dialect: withStream(() => [ROWS, Promise.resolve(ROWS)]),
    run: stream,
  },
  {
    name: 'a stream that is an iterable without next',
    dialect: withStream(() => ({
      async *[Symbol.asyncIterator]() {
        yield ROWS
        yield ROWS
      },
    })),
    run: stream,
  },
  {
    name: 'a stream that is an iterable without next, and stops early',
    dialect: withStream(() => ({
      async *[Symbol.asyncIterator]() {
        yield ROWS
        throw new Error('must not be asked for')
      },
    })),
    async run(db, observe) {
      for await (const row of db.selectFrom('person').select('id').stream(1)) {
        observe(row)
        break
      }
    },
  },
  {
    name: 'a stream with its own next and another iterator',
    dialect: withStream(() => ({
      next: () => Promise.reject(new Error('not this one')),
      async *[Symbol.asyncIterator]() {
        yield ROWS
      },
    })),
    run: stream,
  },
  {
    name: 'a stream of next alone, with a signal',
    dialect: withStream(() => {
      let chunks = 2
      return { next: async () => ({ done: chunks === 0, value: chunks-- === 0 ? undefined : ROWS }) }
    }),
    async run(db, observe) {
      const options = { chunkSize: 1, signal: new AbortController().signal }
      for await (const row of db.selectFrom('person').select('id').stream(options)) observe(row)
    },
  },
  ...[null, undefined, 7, {}].map((chunks): StrangeInput => ({
    name: `the stream ${JSON.stringify(chunks)}`,
    dialect: withStream(() => chunks),
    run: (db, observe) => stream(db, observe).catch((error: unknown) => (error as Error).name),
  })),
  {
    name: 'streamQuery that throws before it returns',
    dialect: withStream(() => {
      throw new Error('no cursor')
    }),
    run: stream,
  },
  {
    name: 'a connection without streamQuery',
    dialect: withConnection(() => ({ executeQuery: async () => ROWS })),
    async run(db, observe) {
      observe(await query(db))
      return await stream(db, observe)
    },
  },
  {
    name: 'a connection of a class with private members',
    dialect: withConnection(() => new PrivateConnection()),
    run: query,
  },
  {
    name: 'a frozen connection',
    dialect: withConnection(() => Object.freeze(new PrivateConnection())),
    run: query,
  },
  {
    name: 'a connection whose methods cannot be replaced',
    dialect: withConnection(() => Object.defineProperty({}, 'executeQuery', { value: async () => ROWS })),
    run: query,
  },
  {
    name: 'a connection whose streamQuery throws when it is read',
    dialect: withConnection(() => ({
      executeQuery: async () => ROWS,
      get streamQuery() {
        throw new Error('no streams')
      },
    })),
    run: query,
  },
  {
    name: 'a proxy as connection, which passes itself as this',
    dialect: withConnection(() => {
      const connection = new Proxy(
        {
          executeQuery(this: unknown) {
            return Promise.resolve({ rows: [this === connection] })
          },
        },
        {},
      ) as { executeQuery(): Promise<unknown> }
      return connection
    }),
    run: query,
  },
  ...[null, undefined, 7].map((connection): StrangeInput => ({
    name: `the connection ${connection}`,
    dialect: withConnection(() => connection),
    run: (db) => query(db).catch((error: unknown) => (error as Error).name),
  })),
  {
    name: 'acquireConnection that throws before it returns',
    dialect: withDriver(() => ({
      acquireConnection() {
        throw new Error('closed')
      },
    })),
    run: query,
  },
  {
    name: 'a driver that throws what is no error',
    dialect: withResult(() => {
      throw null
    }),
    run: query,
  },
  {
    name: 'an error whose code throws when it is read',
    dialect: withResult(() => {
      throw new UnreadableError()
    }),
    run: query,
  },
  {
    name: 'begin and rollback that fail',
    dialect: withDriver(() => ({
      beginTransaction: () => Promise.reject(new Error('no transactions')),
      rollbackTransaction: () => Promise.reject(new Error('nothing to roll back')),
    })),
    run: (db) => db.transaction().execute(query),
  },
  {
    name: 'a statement that is no string',
    run: (db) => db.executeQuery({ ...CompiledQuery.raw('select 1'), sql: 7 as never }),
  },
  {
    name: 'parameters that are no list',
    run: (db) => db.executeQuery({ ...CompiledQuery.raw('select 1'), parameters: { id: 1 } as never }),
  },
  {
    name: 'no parameters',
    run: (db) => db.executeQuery({ ...CompiledQuery.raw('select 1'), parameters: undefined as never }),
  },
  {
    name: 'parameters whose fields throw',
    run: (db) =>
      db.executeQuery(
        CompiledQuery.raw('select id from person where id = ?', [
          {
            get id() {
              throw new Error('not yours')
            },
            toJSON() {
              throw new Error('not yours')
            },
          },
        ]),
      ),
  },
]

/** Reads the chunks themselves: the builder fails on a chunk without rows. */
async function readChunks(db: Db): Promise<unknown> {
  const chunks: unknown[] = []
  for await (const chunk of db.getExecutor().stream(CompiledQuery.raw('select 1'), 1)) chunks.push(chunk)
  return chunks
}

async function observe(db: Db, { run }: StrangeInput): Promise<unknown> {
  const observed: unknown[] = []
  // Each program runs twice, because findings look at what repeats.
  const outcomes: unknown[] = []
  await runInScope('program', async () => {
    for (let turn = 0; turn < 2; turn++) {
      outcomes.push(
        await run(db, (what) => void observed.push(what)).then(
          (value) => ({ value }),
          (error: unknown) => ({ error: describeError(error) }),
        ),
      )
    }
  })
  return { outcomes, observed }
}

describe('a strange input', () => {
  const recording = recordExecutions()
  collectFindings()

  it.each(inputs)('does the same as without Querylens: $name', async (input) => {
    const makeDialect = input.dialect ?? withResult(() => ROWS)
    const bare = await observe(new Kysely({ dialect: makeDialect() }), input)
    expect(await observe(new Kysely(querylens({ dialect: makeDialect() })), input)).toEqual(bare)
    for (const { outcome, durationMillis } of [...recording.queries, ...recording.transactions]) {
      expect(outcome).not.toMatch(/running|active/)
      expect(durationMillis).toBeTypeOf('number')
    }
  })
})

describe('a signal', () => {
  recordExecutions()

  it('has one listener of Querylens however many queries wait with it, and none afterwards', async () => {
    const count = async (db: Db): Promise<readonly number[]> => {
      const { signal } = new AbortController()
      const queries = Array.from({ length: 20 }, () => sql`select 1`.execute(db, { signal }))
      await new Promise((resolve) => setImmediate(resolve))
      const whileWaiting = getEventListeners(signal, 'abort').length
      open()
      await Promise.all(queries)
      return [whileWaiting, getEventListeners(signal, 'abort').length]
    }
    let open: () => void = () => {}
    const dialect = (): Dialect => {
      const opened = new Promise<void>((resolve) => (open = resolve))
      return createStubDialect(undefined, (connection) => opened.then(() => connection))
    }
    const [bare] = await count(new Kysely({ dialect: dialect() }))
    expect(await count(new Kysely(querylens({ dialect: dialect() })))).toEqual([bare! + 1, 0])
  })
})
