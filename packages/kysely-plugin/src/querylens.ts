import { QuerylensError, scopeHttpRequests } from '@querylens/core'
import { describeValue } from '@querylens/core/internal'
import type { NameInCode } from '@querylens/core/recorder'
import { CamelCasePlugin, type Dialect, type KyselyConfig, type KyselyPlugin } from 'kysely'

import { InstrumentedDialect, isInstrumented } from './instrumented-dialect.js'
import { resolveOptions, type QuerylensOptions } from './options.js'

/**
 * Publishes every query of a Kysely instance exactly once: for OpenTelemetry through `@querylens/exporter`, for tests,
 * and for any subscriber to the `channels` of `@querylens/core`.
 *
 * Returns a copy of the configuration with an instrumented dialect; plugins, `log` and everything else stay as they are.
 * While nothing subscribes, the driver gets each query at once.
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
 * Instruments a dialect as {@link querylens} does, for code that has no Kysely configuration.
 *
 * Returns an instrumented dialect unchanged, so that Querylens records no query twice. Options are an error then.
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
  if (isInstrumented(dialect)) {
    if (options === undefined) return dialect
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `${owner} got a dialect that Querylens has already instrumented, so that its options have no effect. Pass the options to the first call.`,
    )
  }
  const recorded = resolveOptions(owner, dialect, options, nameInCode)
  // In these modes the application may have no OpenTelemetry instrumentation, which would call it.
  if (recorded.detect !== undefined && recorded.detect.mode !== 'report') scopeHttpRequestsOnce()
  return new InstrumentedDialect(dialect, recorded)
}

let scopesRequests = false

function scopeHttpRequestsOnce(): void {
  if (scopesRequests) return
  scopesRequests = true
  scopeHttpRequests()
}

/** With `CamelCasePlugin` the code writes `orderId` for the column `order_id`. The plugin has the function for that. */
function namingOf(plugins: readonly KyselyPlugin[] | undefined): NameInCode | undefined {
  const plugin = plugins?.find((candidate) => candidate instanceof CamelCasePlugin)
  const { camelCase } = (plugin ?? {}) as { camelCase?: NameInCode }
  return typeof camelCase === 'function' ? (name) => camelCase.call(plugin, name) : undefined
}

function isDialect(value: unknown): value is Dialect {
  const dialect = value as Partial<Dialect> | null | undefined
  return typeof dialect?.createDriver === 'function' && typeof dialect.createAdapter === 'function'
}
