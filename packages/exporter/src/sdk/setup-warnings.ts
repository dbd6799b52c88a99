import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api'

import { withoutSecrets } from './lost-spans/loss-reason.js'
import { diagLogger } from '../sdk-internals.js'
import { warnOfSetup } from '../warn-of-setup.js'

const MAX_LENGTH = 300
/** A choice that the SDK reports as a mistake, and a false alarm of the SDK 2.0.0. */
const NO_MISTAKE = /contains "none"\. SDK will not be initialized|before async attributes settled/
/** An invalid URL may hold credentials or a key. */
const QUOTED_ADDRESS = /(['"]).*[/@].*\1|(?<=URL: )(['"]).*\2/g

/**
 * Sets up the SDK, and warns once of each `OTEL_*` variable that the SDK cannot read. The SDK takes a default then, and
 * reports it only to the logger of `diag`, which most applications do not have. Does nothing where the application has such
 * a logger or sets `OTEL_LOG_LEVEL`.
 */
export function withSetupWarnings<T>(setUp: () => T): T {
  if (diagLogger() !== undefined || process.env['OTEL_LOG_LEVEL']) return setUp()
  const messages = new Set<string>()
  const collect = (...parts: readonly unknown[]): void => {
    const message = parts.map(textOf).join(' ')
    if (!NO_MISTAKE.test(message)) messages.add(printable(message))
  }
  const ignore = (): void => {}
  const logger: DiagLogger = { error: collect, warn: collect, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, DiagLogLevel.WARN)
  const ours = diagLogger()
  try {
    return setUp()
  } finally {
    // The set-up may have set another logger.
    if (diagLogger() === ours) diag.disable()
    for (const message of messages) warnOfSetup(`OpenTelemetry reports: ${message}`)
  }
}

/** The first line of a message; the rest of an error is its stack. */
function printable(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return withoutSecrets(line.replace(QUOTED_ADDRESS, "'…'")).slice(0, MAX_LENGTH)
}

function textOf(part: unknown): string {
  try {
    return part instanceof Error ? part.message : String(part)
  } catch {
    return '…'
  }
}
