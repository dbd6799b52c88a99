import type { RecordedDatabase } from '@querylens/core/recorder'
import type { DatabaseIntrospector, Dialect, DialectAdapter, Driver, Kysely, QueryCompiler } from 'kysely'

import { InstrumentedDriver } from './instrumented-driver.js'

/** The same for every copy of this package. */
const INSTRUMENTED: unique symbol = Symbol.for('querylens.instrumented-dialect')

/** Whether this copy of the package, or another one, has instrumented the dialect already. */
export function isInstrumented(dialect: Dialect): boolean {
  return INSTRUMENTED in dialect
}

/** A dialect like the one inside it, with instrumented drivers. */
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
    return this.#inner.createQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return this.#inner.createAdapter()
  }

  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return this.#inner.createIntrospector(db)
  }
}
