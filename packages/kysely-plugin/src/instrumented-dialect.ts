import { processState } from '@querylens/core/internal'
import type { RecordedDatabase } from '@querylens/core/recorder'
import type { Dialect, Driver } from 'kysely'

import { InstrumentedDriver } from './instrumented-driver.js'

/** A registered symbol, which all copies of this package share. */
const INSTRUMENTED: unique symbol = Symbol.for('querylens.instrumented-dialect')

const creation = processState('driverCreation', () => ({ isRunning: false }))

/** Whether any copy of this package has instrumented the dialect. */
export function isInstrumented(dialect: Dialect): boolean {
  return INSTRUMENTED in dialect
}

/**
 * Wraps a dialect, whose drivers are then recorded. The dialect itself stays as it is.
 *
 * A proxy, because libraries ask what a dialect is: `dialect instanceof PostgresDialect`, `dialect.constructor.name`, or one
 * of its fields. Getters and methods of the class run on the dialect, because a proxy has none of its private fields.
 */
export function wrapDialect<Wrapped extends Dialect>(dialect: Wrapped, recorded: RecordedDatabase): Wrapped {
  const create = dialect.createDriver.bind(dialect)
  let createDriver: unknown = () => createRecordedDriver(create, recorded)
  const methods = new WeakMap<object, unknown>()
  return new Proxy(withReplaceableDriver(dialect), {
    get(_, key) {
      if (key === 'createDriver') return createDriver
      const value: unknown = Reflect.get(dialect, key, dialect)
      if (typeof value !== 'function' || key === 'constructor' || Object.hasOwn(dialect, key)) return value
      let method = methods.get(value)
      if (method === undefined) methods.set(value, (method = value.bind(dialect)))
      return method
    },
    set(_, key, value) {
      if (key !== 'createDriver') return Reflect.set(dialect, key, value, dialect)
      createDriver = value
      return true
    },
    has: (_, key) => key === INSTRUMENTED || key in dialect,
  })
}

/**
 * A dialect that consists of other dialects, such as one for replicas, creates their drivers with its own. What goes through
 * them goes through the outer driver, too, so only that one is recorded.
 */
function createRecordedDriver(create: () => Driver, recorded: RecordedDatabase): Driver {
  if (creation.isRunning) return create()
  creation.isRunning = true
  try {
    return new InstrumentedDriver(create(), recorded)
  } finally {
    creation.isRunning = false
  }
}

/** The dialect, or an equal object if the dialect is frozen: a proxy must show the fixed properties of its target. */
function withReplaceableDriver<Wrapped extends Dialect>(dialect: Wrapped): Wrapped {
  if (Object.getOwnPropertyDescriptor(dialect, 'createDriver')?.configurable !== false) return dialect
  const properties = Object.getOwnPropertyDescriptors(dialect)
  for (const property of Object.values(properties)) property.configurable = true
  return Object.create(Object.getPrototypeOf(dialect) as object, properties) as Wrapped
}
