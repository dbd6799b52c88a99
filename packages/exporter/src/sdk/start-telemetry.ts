import { diag, trace, type TracerProvider } from '@opentelemetry/api'
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { checkOptions, optionRules } from '@querylens/core/internal'

import { QuerylensInstrumentation } from '../instrumentation/instrumentation.js'
import type { QuerylensInstrumentationOptions } from '../options.js'
import { flushProviders } from './flush-providers.js'
import { warnOfUnsent } from './lost-spans/outage-reporter.js'
import { watchSpans } from './lost-spans/span-watch.js'
import { querylensSpanProcessor } from './querylens-span-processor.js'
import { addFirstProcessor, withholdResourceAttribute } from '../sdk-internals.js'
import { warnOfSetup, withSetupWarnings } from './setup-warnings.js'
import { createShutdown, type Telemetry } from './shutdown.js'

/** Options of {@link startTelemetry}, all optional. Without them, everything comes from the environment. */
export interface TelemetryOptions {
  /**
   * The name of this application in traces. `OTEL_SERVICE_NAME`, or `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, wins
   * over it: a deployment knows better than the code.
   *
   * @default `unknown_service:node`, by the SDK
   */
  readonly serviceName?: string | undefined
  /**
   * Further instrumentations, such as those for HTTP and Fastify that make each request a trace.
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

const COMMAND_ARGS = 'process.command_args'

/**
 * Sets up OpenTelemetry for traces, metrics and logs, with the queries of Querylens in them. It sends OTLP to
 * `http://localhost:4318` unless `OTEL_*` variables say otherwise; the SDK reads all of them.
 *
 * A backend that is down, or that refuses spans, does not disturb the application. Querylens counts lost spans (`spans` of
 * the result), and warns once at the beginning of an outage and once at its end, with the code `QUERYLENS_SPANS_LOST`. It
 * also warns of a variable that the SDK cannot read, with the code `QUERYLENS_TELEMETRY_SETUP`.
 *
 * Querylens does not send the arguments of the command (`process.command_args`), because they may hold passwords. The
 * semantic conventions make this attribute opt-in, but the SDK sends it by default. To send it, name the resource
 * detectors in `OTEL_NODE_RESOURCE_DETECTORS`, with `process` or `all` among them.
 *
 * It adds {@link querylensSpanProcessor}, so that the spans of all instrumentations begin at their exact time.
 *
 * Call it before the application loads the modules that the further instrumentations patch, best in a file of its own for
 * `node --import`. Querylens itself patches nothing.
 *
 * @throws QuerylensError for an unknown option or a value that the option does not take
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/semconv/resource/process/
 *
 * @example
 * const telemetry = startTelemetry({ serviceName: 'shop' })
 */
export function startTelemetry(options?: TelemetryOptions): Telemetry {
  checkOptions<TelemetryOptions>('startTelemetry()', options, {
    serviceName: optionRules.text,
    instrumentations: {
      takes: 'an array of instrumentations, such as new HttpInstrumentation()',
      accepts: (value) => Array.isArray(value) && value.flat().every(isInstrumentation),
    },
    querylens: { takes: 'an object', accepts: (value) => typeof value === 'object' && value !== null },
    handleSignals: optionRules.boolean,
  })
  const serviceName = namedByEnvironment() ? undefined : options?.serviceName
  // Registration enables every instrumentation, so a disabled one must be left out.
  const querylens =
    options?.querylens?.enabled === false ? undefined : new QuerylensInstrumentation(options?.querylens)
  warnOfOldNode(process.versions.node)
  const before = registeredTracerProvider()
  const sdk = withSetupWarnings(() => {
    const made = new NodeSDK({
      ...(serviceName !== undefined && { serviceName }),
      instrumentations: [
        ...(querylens === undefined ? [] : [querylens]),
        ...(options?.instrumentations ?? []),
      ],
    })
    // The SDK takes blanks for an empty variable.
    const namesDetectors = Boolean(process.env['OTEL_NODE_RESOURCE_DETECTORS']?.trim())
    if (!namesDetectors && !withholdResourceAttribute(made, COMMAND_ARGS)) {
      warnOfSetup(
        `this version of OpenTelemetry's SDK sends ${COMMAND_ARGS}, and Querylens cannot prevent it. If the command holds ` +
          'passwords, set OTEL_NODE_RESOURCE_DETECTORS=env,host,os.',
      )
    }
    made.start()
    return made
  })
  const provider = registeredTracerProvider()
  // There is none where the SDK is disabled, or where another one was registered before.
  const ownProvider = provider === before ? undefined : provider
  addFirstProcessor(ownProvider, querylensSpanProcessor())
  const watch = watchSpans(ownProvider)
  const report = (error: unknown): void => diag.error('Telemetry could not be sent.', error)
  const { flush, shutdown } = createShutdown(
    {
      async flush() {
        await flushProviders().catch(report)
        // The SDK does not wait for unanswered batches, nor for others once one has failed.
        await watch.settle()
      },
      shutdown: () => watch.close(() => sdk.shutdown().catch(report)),
      abandon: watch.abandon,
      end: () => warnOfUnsent(watch.pending),
    },
    options?.handleSignals ?? true,
  )
  return {
    flush,
    shutdown,
    get spans() {
      return watch.spans
    },
  }
}

/** Only warns: an older Node probably works, and must not keep an application from starting. */
/** The SDK also takes lists of instrumentations, such as that of `getNodeAutoInstrumentations()`. */
function isInstrumentation(value: unknown): boolean {
  return typeof (value as { readonly setTracerProvider?: unknown } | null)?.setTracerProvider === 'function'
}

function warnOfOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return
  warnOfSetup(`Node ${version} is older than 22.15, the oldest version that Querylens supports. Update Node.`)
}

/** The provider behind the proxy. */
function registeredTracerProvider(): unknown {
  const provider: TracerProvider & { getDelegate?(): unknown } = trace.getTracerProvider()
  return provider.getDelegate?.() ?? provider
}

function namedByEnvironment(): boolean {
  const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES } = process.env
  return Boolean(OTEL_SERVICE_NAME) || /(?:^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '')
}
