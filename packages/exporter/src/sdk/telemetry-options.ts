import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { QuerylensError } from '@querylens/core'
import { checkOptions, optionRules } from '@querylens/core/internal'

import { resolveOptions, type QuerylensInstrumentationOptions } from '../options.js'
import { PACKAGE_NAME } from '../version.js'

/** Options of `startTelemetry`, all optional. Without them, everything comes from the environment. */
export interface TelemetryOptions {
  /**
   * The name of this application in traces. `OTEL_SERVICE_NAME`, or `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, wins
   * over it: a deployment knows better than the code.
   *
   * @default `unknown_service:node`, by the SDK
   */
  readonly serviceName?: string | undefined
  /**
   * Further instrumentations, such as the one for HTTP that makes each request a trace.
   *
   * @default none
   */
  readonly instrumentations?: NodeSDKConfiguration['instrumentations'] | undefined
  /**
   * Options of the instrumentation of Querylens. With `{ enabled: false }`, there is none.
   *
   * @default the defaults of {@link QuerylensInstrumentationOptions}
   */
  readonly querylens?: QuerylensInstrumentationOptions | undefined
  /**
   * Whether SIGTERM and SIGINT (Ctrl+C) flush. If the application has no handler of its own, the process ends afterwards,
   * as it would have. If it has one, the application ends the process, and calls `shutdown()` before. A second signal after
   * half a second ends the process at once. A signal waits until the event loop has time for it.
   *
   * @default true
   */
  readonly handleSignals?: boolean | undefined
}

const OWNER = 'startTelemetry()'

/**
 * Checks the options, and that one of them sets up the instrumentation of Querylens at most.
 *
 * @throws QuerylensError for an unknown option or a value that the option does not take
 */
export function checkTelemetryOptions(options: TelemetryOptions | undefined): void {
  checkOptions<TelemetryOptions>(OWNER, options, {
    serviceName: optionRules.text,
    instrumentations: {
      takes: 'an array of instrumentations, such as new HttpInstrumentation()',
      accepts: (value) => Array.isArray(value) && value.flat().every(isInstrumentation),
    },
    querylens: { takes: 'an object', accepts: (value) => typeof value === 'object' && value !== null },
    handleSignals: optionRules.boolean,
  })
  const { querylens, instrumentations } = options ?? {}
  const { enabled } = resolveOptions(OWNER, querylens, 'querylens.')
  if (querylens === undefined || !enabled || !hasQuerylens(instrumentations ?? [])) return
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `Options 'querylens' and 'instrumentations' of ${OWNER} both set up a QuerylensInstrumentation. Remove ` +
      "new QuerylensInstrumentation(…) from 'instrumentations', and pass its options as 'querylens'.",
  )
}

/** Whether the instrumentation of Querylens is among them: by the name, because it may be of another copy of this package. */
export function hasQuerylens(instrumentations: NonNullable<TelemetryOptions['instrumentations']>): boolean {
  return instrumentations.flat().some(({ instrumentationName }) => instrumentationName === PACKAGE_NAME)
}

/** The SDK also takes lists of instrumentations, such as that of `getNodeAutoInstrumentations()`. */
function isInstrumentation(value: unknown): boolean {
  return typeof (value as { readonly setTracerProvider?: unknown } | null)?.setTracerProvider === 'function'
}
