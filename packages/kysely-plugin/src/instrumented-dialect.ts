import { processState } from '@querylens/core/internal'
import type { RecordedDatabase } from '@querylens/core/recorder'
import type { Dialect, Driver } from 'kysely'

import { instrumentCompiler } from './instrumented-compiler.js'
import { InstrumentedDriver } from './instrumented-driver.js'

/** A registered symbol, which all copies of this package share. */
const INSTRUMENTED: unique symbol = Symbol.for('querylens.instrumented-dialect')

const creation = processState('driverCreation', () => ({ isRunning: false }))

/** Whether any copy of this package has instrumented the dialect. */
export function isInstrumented(dialect: Dialect): boolean {
  return INSTRUMENTED in dialect
}

/**
 * Wraps a dialect, whose drivers are then recorded, and whose query compilers note the calls that compile. The dialect
 * itself stays as it is.
 *
 * A proxy, because libraries ask what a dialect is: `dialect instanceof PostgresDialect`, `dialect.constructor.name`, or one
 * of its fields. Getters and methods of the class run on the dialect, because a proxy has none of its private fields.
 */
export function wrapDialect<Wrapped extends Dialect>(dialect: Wrapped, recorded: RecordedDatabase): Wrapped {
  const createDriver = dialect.createDriver.bind(dialect)
  /** The methods that differ. A library may replace them: it must not reach the dialect itself. */
  const replaced: Record<PropertyKey, unknown> = {
    createDriver: () => createRecordedDriver(createDriver, recorded),
    createQueryCompiler: () => instrumentCompiler(dialect.createQueryCompiler(), recorded),
  }
  const methods = new WeakMap<object, unknown>()
  return new Proxy(withReplaceable(dialect, Object.keys(replaced)), {
    get(_, key) {
      if (Object.hasOwn(replaced, key)) return replaced[key]
      const value: unknown = Reflect.get(dialect, key, dialect)
      if (typeof value !== 'function' || key === 'constructor' || Object.hasOwn(dialect, key)) return value
      let method = methods.get(value)
      if (method === undefined) methods.set(value, (method = value.bind(dialect)))
      return method
    },
    set(_, key, value) {
      if (!Object.hasOwn(replaced, key)) return Reflect.set(dialect, key, value, dialect)
      replaced[key] = value
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
function withReplaceable<Wrapped extends Dialect>(dialect: Wrapped, methods: readonly string[]): Wrapped {
  const properties = Object.getOwnPropertyDescriptors(dialect) as PropertyDescriptorMap
  if (methods.every((name) => properties[name]?.configurable !== false)) return dialect
  for (const property of Object.values(properties)) property.configurable = true
  return Object.create(Object.getPrototypeOf(dialect) as object, properties) as Wrapped
}
