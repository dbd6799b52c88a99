import { diag, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { processState } from '@querylens/core/internal'

import { QuerylensInstrumentation } from '../instrumentation/instrumentation.js'
import { isAnyEnabled } from '../instrumentation/provider-claims.js'
import { tracerProviderBehind } from '../providers.js'
import { addFirstProcessor, withholdResourceAttribute } from '../sdk-internals.js'
import { warnOfSetup } from '../warn-of-setup.js'
import { flushProviders } from './flush-providers.js'
import { instrumentEsModules } from './instrument-es-modules.js'
import { warnOfUnsent } from './lost-spans/outage-reporter.js'
import { watchSpans } from './lost-spans/span-watch.js'
import { querylensSpanProcessor } from './querylens-span-processor.js'
import { withSetupWarnings } from './setup-warnings.js'
import { createShutdown, type Telemetry } from './shutdown.js'
import { checkTelemetryOptions, hasQuerylens, type TelemetryOptions } from './telemetry-options.js'

const COMMAND_ARGS = 'process.command_args'

/** The telemetry of this process, whichever copy of this package started it. */
const state = processState('telemetry', (): { running: Telemetry | undefined } => ({ running: undefined }))

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
 * Call it once, and before the application loads the modules that the further instrumentations patch, best in a file of its
 * own for `node --import`. Querylens itself patches nothing. For packages that ES modules import it registers the loader hook
 * of `import-in-the-middle`, unless the application has registered it before. Modules of Node need no hook.
 *
 * A second call does nothing, warns, and returns the telemetry of the first one. Where another SDK is registered already,
 * queries go to that one, and a warning says so.
 *
 * @throws QuerylensError for an unknown option or a value that the option does not take
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/semconv/resource/process/
 *
 * @example
 * const telemetry = startTelemetry({ serviceName: 'shop' })
 */
export function startTelemetry(options?: TelemetryOptions): Telemetry {
  checkTelemetryOptions(options)
  warnOfOldNode(process.versions.node)
  if (state.running !== undefined) {
    warnOfSetup(
      'startTelemetry() was called a second time. The call does nothing, and returns the telemetry of the first one: ' +
        'otherwise every span would be sent twice. Call it once, in the file that `node --import` loads, and import its result.',
    )
    return state.running
  }
  const registered = tracerProviderBehind(trace.getTracerProvider())
  state.running = registered === undefined ? start(options) : useRegistered(options?.querylens)
  instrumentEsModules((options?.instrumentations ?? []).flat())
  return state.running
}

function start(options: TelemetryOptions | undefined): Telemetry {
  const instrumentations = options?.instrumentations ?? []
  const serviceName = namedByEnvironment() ? undefined : options?.serviceName
  // Registration enables every instrumentation, so a disabled one must be left out.
  const isComplete = options?.querylens?.enabled === false || hasQuerylens(instrumentations)
  const querylens = isComplete ? [] : [new QuerylensInstrumentation(options?.querylens)]
  const sdk = withSetupWarnings(() => {
    const made = new NodeSDK({
      ...(serviceName !== undefined && { serviceName }),
      instrumentations: [...querylens, ...instrumentations],
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
  // The SDK has enabled it before the tracer provider was registered.
  for (const instrumentation of querylens) instrumentation.enable()
  // There is none where the SDK is disabled.
  const provider = tracerProviderBehind(trace.getTracerProvider())
  addFirstProcessor(provider, querylensSpanProcessor())
  const watch = watchSpans(provider)
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

/** Leaves the SDK to whoever registered it: a second one could not be registered, and would send nothing. */
function useRegistered(options: TelemetryOptions['querylens']): Telemetry {
  warnOfSetup(
    'another OpenTelemetry SDK, such as a NodeSDK, was registered before startTelemetry() was called. startTelemetry() ' +
      'starts no second one, and queries go to the registered one. Keep one of the two: remove the other SDK, or replace ' +
      'startTelemetry() by new QuerylensInstrumentation() and querylensSpanProcessor() in the other SDK.',
  )
  if (options?.enabled !== false && !isAnyEnabled()) new QuerylensInstrumentation(options)
  const flush = (): Promise<void> =>
    flushProviders().catch((error: unknown) => diag.error('Telemetry could not be sent.', error))
  return { flush, shutdown: flush, spans: { delivered: 0, lost: 0 } }
}

/** Only warns: an older Node probably works, and must not keep an application from starting. */
function warnOfOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return
  warnOfSetup(`Node ${version} is older than 22.15, the oldest version that Querylens supports. Update Node.`)
}

function namedByEnvironment(): boolean {
  const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES } = process.env
  return Boolean(OTEL_SERVICE_NAME) || /(?:^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '')
}
