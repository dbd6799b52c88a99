import { QuerylensError } from '@querylens/core'
import { describeValue, enableHttpScopes, type NameInCode } from '@querylens/core/recorder'
import { CamelCasePlugin, type Dialect, type KyselyConfig, type KyselyPlugin } from 'kysely'

import { InstrumentedDialect, isInstrumented } from './instrumented-dialect.js'
import { resolveOptions, type QuerylensOptions } from './options.js'

/**
 * Makes every query of a Kysely instance visible, exactly once: to OpenTelemetry through
 * `@querylens/exporter`, to tests, and to anything that subscribes to `channels` of `@querylens/core`.
 *
 * Returns a copy of the configuration whose dialect is instrumented; plugins, `log` and the rest stay as
 * they are. Until somebody listens, a query is forwarded at once.
 *
 * @throws QuerylensError for a configuration without a dialect, an unknown option, or a value that an
 *   option does not take
 *
 * @example
 * const db = new Kysely<Database>(querylens({ dialect: new PostgresDialect({ pool }) }))
 */
export function querylens<Config extends KyselyConfig>(config: Config, options?: QuerylensOptions): Config {
  if (!isDialect((config as Config | undefined)?.dialect)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `querylens() takes a Kysely configuration with a dialect, such as { dialect: new PostgresDialect({ pool }) }, but got ${describeValue(config)}.`,
    )
  }
  return { ...config, dialect: instrument('querylens()', config.dialect, options, namingOf(config.plugins)) }
}

/**
 * The same as {@link querylens} for those who hold only a dialect.
 *
 * A dialect that is instrumented already is returned as it is: no query is ever recorded twice.
 *
 * @throws QuerylensError when `dialect` is none, for an unknown option, or a value that an option does not take
 */
export function instrumentDialect(dialect: Dialect, options?: QuerylensOptions): Dialect {
  if (!isDialect(dialect)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `instrumentDialect() takes a Kysely dialect, such as new PostgresDialect({ pool }), but got ${describeValue(dialect)}.`,
    )
  }
  return instrument('instrumentDialect()', dialect, options)
}

function instrument(
  owner: string,
  dialect: Dialect,
  options: QuerylensOptions | undefined,
  nameInCode?: NameInCode,
): Dialect {
  const resolved = resolveOptions(owner, dialect, options, nameInCode)
  if (resolved.httpScopes) enableHttpScopes()
  return isInstrumented(dialect) ? dialect : new InstrumentedDialect(dialect, resolved.recorded)
}

/** With `CamelCasePlugin` the code says `orderId` where the database says `order_id`; the plugin knows how. */
function namingOf(plugins: readonly KyselyPlugin[] | undefined): NameInCode | undefined {
  const plugin = plugins?.find((candidate) => candidate instanceof CamelCasePlugin)
  const { camelCase } = (plugin ?? {}) as { camelCase?: NameInCode }
  return typeof camelCase === 'function' ? (name) => camelCase.call(plugin, name) : undefined
}

function isDialect(value: unknown): value is Dialect {
  const dialect = value as Partial<Dialect> | null | undefined
  return typeof dialect?.createDriver === 'function' && typeof dialect.createAdapter === 'function'
}
