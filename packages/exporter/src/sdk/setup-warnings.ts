import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api'

import { withoutSecrets } from './loss-reason.js'

const CODE = 'QUERYLENS_TELEMETRY_SETUP'
const MAX_LENGTH = 300
/** A choice, of which the SDK warns as of a mistake, and a false alarm of the SDK 2.0.0. */
const NO_MISTAKE = /contains "none"\. SDK will not be initialized|before async attributes settled/
/** What is no URL and was to be one may hold credentials or a key all the same. */
const QUOTED_ADDRESS = /(['"]).*[/@].*\1|(?<=URL: )(['"]).*\2/g

/**
 * Sets up the SDK, and tells of what it finds wrong with `OTEL_*` variables meanwhile, each once: it goes on with a
 * default then, and says so to the logger of `diag` alone, which nobody has who does not know of it. With one, or with
 * `OTEL_LOG_LEVEL`, it is told of there, and here nothing is done.
 */
export function withSetupWarnings<T>(setUp: () => T): T {
  if (currentLogger() !== undefined || process.env['OTEL_LOG_LEVEL']) return setUp()
  const messages = new Set<string>()
  const collect = (...parts: readonly unknown[]): void => {
    const message = parts.map(textOf).join(' ')
    if (!NO_MISTAKE.test(message)) messages.add(printable(message))
  }
  const ignore = (): void => {}
  const logger: DiagLogger = { error: collect, warn: collect, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, DiagLogLevel.WARN)
  const ours = currentLogger()
  try {
    return setUp()
  } finally {
    // Somebody may have set one meanwhile.
    if (currentLogger() === ours) diag.disable()
    for (const message of messages) warnOfSetup(`OpenTelemetry says: ${message}`)
  }
}

/** Tells of something in the set-up that is not as it was meant. */
export function warnOfSetup(what: string): void {
  process.emitWarning(`querylens: ${what}`, { code: CODE })
}

/** The first line: the rest of an error is its stack. */
function printable(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return withoutSecrets(line.replace(QUOTED_ADDRESS, "'…'")).slice(0, MAX_LENGTH)
}

/** The API has no question for it. */
function currentLogger(): unknown {
  const api: { readonly diag?: unknown } | undefined = Reflect.get(
    globalThis,
    Symbol.for('opentelemetry.js.api.1'),
  )
  return api?.diag
}

function textOf(part: unknown): string {
  try {
    return part instanceof Error ? part.message : String(part)
  } catch {
    return '…'
  }
}
