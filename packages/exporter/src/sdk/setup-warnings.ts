import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api'

import { withoutSecrets } from './loss-reason.js'

const CODE = 'QUERYLENS_TELEMETRY_SETUP'
const MAX_LENGTH = 300
/** A choice, of which the SDK warns as of a mistake. */
const CHOSEN = /contains "none"\. SDK will not be initialized/

/**
 * Sets up the SDK, and tells of what it finds wrong with `OTEL_*` variables meanwhile, each once: it goes on with a
 * default then, and says so to the logger of `diag` alone, which nobody has who does not know of it. With one, or with
 * `OTEL_LOG_LEVEL`, it is told of there, and here nothing is done.
 */
export function withSetupWarnings<T>(setUp: () => T): T {
  if (hasLogger() || process.env['OTEL_LOG_LEVEL']) return setUp()
  const messages = new Set<string>()
  const collect = (...parts: readonly unknown[]): void => {
    const message = parts.map(textOf).join(' ')
    // The rest of an error is its stack.
    const [line = ''] = withoutSecrets(message).split('\n', 1)
    if (!CHOSEN.test(message)) messages.add(line.slice(0, MAX_LENGTH))
  }
  const ignore = (): void => {}
  const logger: DiagLogger = { error: collect, warn: collect, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, DiagLogLevel.WARN)
  try {
    return setUp()
  } finally {
    diag.disable()
    for (const message of messages) {
      process.emitWarning(`querylens: OpenTelemetry's SDK says: ${message}`, { code: CODE })
    }
  }
}

/** The API has no question for it. */
function hasLogger(): boolean {
  const api: { readonly diag?: unknown } | undefined = Reflect.get(
    globalThis,
    Symbol.for('opentelemetry.js.api.1'),
  )
  return api?.diag !== undefined
}

function textOf(part: unknown): string {
  return part instanceof Error ? part.message : String(part)
}
