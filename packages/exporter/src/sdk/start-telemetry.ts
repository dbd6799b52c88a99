import { diag, trace, type TracerProvider } from '@opentelemetry/api'
import { checkOptions, optionRules } from '@querylens/core/recorder'
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node'

import { QuerylensInstrumentation } from '../instrumentation.js'
import type { QuerylensInstrumentationOptions } from '../options.js'
import { exactStartTimes } from './exact-start-times.js'
import { flushProviders } from './flush-providers.js'
import { warnOfUnsent } from './outage-reporter.js'
import { addFirstProcessor, withholdResourceAttribute } from './sdk-internals.js'
import { warnOfSetup, withSetupWarnings } from './setup-warnings.js'
import { createShutdown, type Telemetry } from './shutdown.js'
import { watchSpans } from './span-watch.js'

/** All optional: without any, everything comes from the environment. */
export interface TelemetryOptions {
  /**
   * The name of this application in traces. `OTEL_SERVICE_NAME`, or `service.name` in
   * `OTEL_RESOURCE_ATTRIBUTES`, wins over it: who deploys knows better than the code.
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
  /** How queries are written. @default those of {@link QuerylensInstrumentationOptions} */
  readonly querylens?: QuerylensInstrumentationOptions | undefined
  /**
   * Whether SIGTERM and SIGINT (Ctrl+C) flush. Without a handler of the application, the process ends afterwards, as
   * it would have; with one, ending it, and calling `shutdown()` before, stays the application's business. A second
   * signal, half a second later, ends it at once. Like any handler it waits until the event loop has time for it.
   *
   * @default true
   */
  readonly handleSignals?: boolean | undefined
}

const COMMAND_ARGS = 'process.command_args'

/**
 * Sets up OpenTelemetry for traces, metrics and logs with the queries of Querylens in them, over OTLP to
 * `http://localhost:4318` unless `OTEL_*` variables say otherwise; the SDK reads all of them.
 *
 * A backend that is down, or that refuses spans, does not disturb the application. What is lost is counted
 * (`spans` of the result) and told of once at the beginning of an outage and once at its end, as a warning of the
 * process with the code `QUERYLENS_SPANS_LOST`. A variable that the SDK cannot read, and takes a default in place of, is
 * told of as `QUERYLENS_TELEMETRY_SETUP`.
 *
 * The arguments of the command (`process.command_args`) are not sent, since passwords may stand there: the semantic
 * conventions want them only where they are asked for, and the SDK's default is to send them. Who names the resource
 * detectors in `OTEL_NODE_RESOURCE_DETECTORS`, `process` or `all` among them, asks for them.
 *
 * Spans of all instrumentations begin when they began, not at the millisecond before: see {@link exactStartTimes}.
 *
 * Call it before the modules that its further instrumentations patch are loaded, best in a file of its own
 * for `node --import`. Querylens itself patches nothing.
 *
 * @throws QuerylensError for an unknown option or a value that it does not take
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @see https://opentelemetry.io/docs/specs/semconv/resource/process/
 *
 * @example
 * const telemetry = startTelemetry({ serviceName: 'shop' })
 */
export function startTelemetry(options?: TelemetryOptions): Telemetry {
  checkOptions<TelemetryOptions>('startTelemetry()', options, {
    serviceName: optionRules.text,
    instrumentations: { takes: 'an array of instrumentations', accepts: Array.isArray },
    querylens: { takes: 'an object', accepts: (value) => typeof value === 'object' && value !== null },
    handleSignals: optionRules.boolean,
  })
  const serviceName = namedByEnvironment() ? undefined : options?.serviceName
  // Registration enables an instrumentation, as it does any other; to have it disabled is to have none.
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
    // As the SDK reads it: of blanks alone there is none.
    const namesDetectors = Boolean(process.env['OTEL_NODE_RESOURCE_DETECTORS']?.trim())
    if (!namesDetectors && !withholdResourceAttribute(made, COMMAND_ARGS)) {
      warnOfSetup(
        `with this version of OpenTelemetry's SDK ${COMMAND_ARGS} cannot be withheld from its resource. Where passwords ` +
          'stand in the command, set OTEL_NODE_RESOURCE_DETECTORS=env,host,os.',
      )
    }
    made.start()
    return made
  })
  const provider = registeredTracerProvider()
  // Where the SDK is disabled, or another one was there before, there is nothing of ours to watch.
  const ownProvider = provider === before ? undefined : provider
  addFirstProcessor(ownProvider, exactStartTimes())
  const watch = watchSpans(ownProvider)
  const report = (error: unknown): void => diag.error('Telemetry could not be sent.', error)
  const { flush, shutdown } = createShutdown(
    {
      async flush() {
        querylens?.releaseSpans()
        await flushProviders().catch(report)
        // The SDK waits neither for batches that are on their way already nor, once one has failed, for others.
        await watch.settle()
      },
      shutdown() {
        querylens?.endSpans()
        return watch.close(() => sdk.shutdown().catch(report))
      },
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

/** It works as far as is known: that is no reason to keep an application from starting. */
function warnOfOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return
  warnOfSetup(`Node ${version} is older than 22.15, which Querylens and what it is tested with need.`)
}

/** Behind the one that stands in for it. */
function registeredTracerProvider(): unknown {
  const provider: TracerProvider & { getDelegate?(): unknown } = trace.getTracerProvider()
  return provider.getDelegate?.() ?? provider
}

function namedByEnvironment(): boolean {
  const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES } = process.env
  return Boolean(OTEL_SERVICE_NAME) || /(?:^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '')
}
