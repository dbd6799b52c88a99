import { QuerylensError, scopeHttpRequests } from '@querylens/core'
import { registerDatabase } from '@querylens/core/internal'
import type { NameInCode } from '@querylens/core/recorder'
import type { Dialect, KyselyConfig, KyselyPlugin } from 'kysely'

import type { AnyConfig, AnyDialect } from './any-kysely.js'
import { isInstrumented, wrapDialect } from './instrumented-dialect.js'
import { isKyselys } from './kysely-classes.js'
import {
  configError,
  dialectError,
  isDialect,
  refuseAsPart,
  refuseAsPlugin,
  refuseOptionsIn,
} from './misuse.js'
import { OPTION_NAMES, resolveOptions, type QuerylensOptions } from './options.js'

/**
 * Publishes every query of a Kysely instance exactly once: for OpenTelemetry through `@querylens/exporter`, for tests,
 * and for any subscriber to the `channels` of `@querylens/core`.
 *
 * Returns a copy of the configuration with an instrumented dialect; plugins, `log` and everything else stay as they are.
 * While nothing subscribes and no scope of `runInScope` is open, the driver gets each query at once.
 *
 * @throws QuerylensError for a configuration without a dialect or with options of Querylens in it, an unknown option, or
 *   a value that an option does not take
 *
 * @example
 * const db = new Kysely<Database>(querylens({ dialect: new PostgresDialect({ pool }) }))
 */
export function querylens<Config extends KyselyConfig | AnyConfig>(
  config: Config,
  options?: QuerylensOptions,
): Config {
  if (!isDialect((config as Config | undefined)?.dialect)) throw configError(config)
  refuseOptionsIn(config, OPTION_NAMES)
  const { dialect, plugins } = config as KyselyConfig
  const wrapped = { ...config, dialect: instrument('querylens()', dialect, options, namingOf(plugins)) }
  refuseAsPart(wrapped)
  return wrapped
}

/**
 * Instruments a dialect as {@link querylens} does, for code that has no Kysely configuration, such as
 * `betterAuth({ database: instrumentDialect(dialect) })`.
 *
 * Returns a proxy of the dialect: it has the same class and the same fields, so that `instanceof` and libraries that look
 * at a dialect work as before. The dialect itself stays as it is.
 *
 * Returns an instrumented dialect unchanged, so that Querylens records no query twice. Options are an error then. Of a
 * dialect that consists of other dialects, such as one for replicas, instrument either the dialect itself, or each of the
 * others to see which server ran a query. Where both are instrumented, only the outer one records.
 *
 * @throws QuerylensError when `dialect` is none, for an unknown option, or a value that an option does not take
 */
export function instrumentDialect<Instrumented extends AnyDialect>(
  dialect: Instrumented,
  options?: QuerylensOptions,
): Instrumented {
  if (!isDialect(dialect)) throw dialectError(dialect)
  return instrument('instrumentDialect()', dialect, options)
}

for (const wrapper of [querylens, instrumentDialect]) refuseAsPlugin(wrapper)

function instrument<Instrumented extends Dialect>(
  owner: string,
  dialect: Instrumented,
  options: QuerylensOptions | undefined,
  nameInCode?: NameInCode,
): Instrumented {
  if (isInstrumented(dialect)) {
    if (options === undefined) return dialect
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `${owner} got a dialect that Querylens has already instrumented, so that its options have no effect. Pass the options to the first call.`,
    )
  }
  const recorded = resolveOptions(owner, dialect, options, nameInCode)
  registerDatabase(recorded.database)
  // In these modes the application may have no OpenTelemetry instrumentation, which would call it.
  if (recorded.detect !== undefined && recorded.detect.mode !== 'report') scopeHttpRequestsOnce()
  return wrapDialect(dialect, recorded)
}

let scopesRequests = false

function scopeHttpRequestsOnce(): void {
  if (scopesRequests) return
  scopesRequests = true
  scopeHttpRequests()
}

/** With `CamelCasePlugin` the code writes `orderId` for the column `order_id`. The plugin has the function for that. */
function namingOf(plugins: readonly KyselyPlugin[] | undefined): NameInCode | undefined {
  const plugin = plugins?.find((candidate) => isKyselys('CamelCasePlugin', candidate))
  const { camelCase } = (plugin ?? {}) as { camelCase?: NameInCode }
  return typeof camelCase === 'function' ? (name) => camelCase.call(plugin, name) : undefined
}
