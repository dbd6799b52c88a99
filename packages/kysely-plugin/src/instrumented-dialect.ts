import type { RecordedDatabase } from '@querylens/core/recorder'
import type { DatabaseIntrospector, Dialect, DialectAdapter, Driver, Kysely, QueryCompiler } from 'kysely'

import { instrumentCompiler } from './instrumented-compiler.js'
import { InstrumentedDriver } from './instrumented-driver.js'

/** A registered symbol, which all copies of this package share. */
const INSTRUMENTED: unique symbol = Symbol.for('querylens.instrumented-dialect')

/** Whether any copy of this package has instrumented the dialect. */
export function isInstrumented(dialect: Dialect): boolean {
  return INSTRUMENTED in dialect
}

/** Forwards to another dialect and instruments its drivers. */
export class InstrumentedDialect implements Dialect {
  readonly #inner: Dialect
  readonly #recorded: RecordedDatabase

  constructor(inner: Dialect, recorded: RecordedDatabase) {
    Object.defineProperty(this, INSTRUMENTED, { value: true })
    this.#inner = inner
    this.#recorded = recorded
  }

  createDriver(): Driver {
    return new InstrumentedDriver(this.#inner.createDriver(), this.#recorded)
  }

  createQueryCompiler(): QueryCompiler {
    return instrumentCompiler(this.#inner.createQueryCompiler(), this.#recorded)
  }

  createAdapter(): DialectAdapter {
    return this.#inner.createAdapter()
  }

  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return this.#inner.createIntrospector(db)
  }
}
