import { parseArgs } from 'node:util'

/** Another backend that gets the telemetry, too. */
export interface DemoBackend {
  /** Where it takes OTLP over HTTP. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Where its traces can be looked at. */
  readonly page: string
}

/** What the demo was asked for. */
export interface DemoOptions {
  /** Only says what it takes. */
  readonly help: boolean
  /** Leaves everything running at the end. */
  readonly keep: boolean
  /** Starts a Jaeger that gets the telemetry, too, and stays up with everything else. */
  readonly jaeger: boolean
  readonly backend: DemoBackend | undefined
  /** What the reader should know before it starts. */
  readonly notice: string | undefined
}

/** What the demo takes. */
export const USAGE =
  'It takes --jaeger, which starts a Jaeger and shows it all there, and --keep, which leaves everything running at the end.'
const GRPC_PORT = '4317'

/**
 * Reads the flags, and the `OTEL_*` variables for a backend.
 *
 * @throws Error that names the flag or the variable, and what it takes
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions {
  const { keep, help, jaeger } = readFlags(args)
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined
  const flags = { keep: keep || jaeger, help, jaeger }
  const none = { ...flags, backend: undefined, notice: undefined }
  if (endpoint === undefined) return none
  if (jaeger) {
    throw new Error(
      `--jaeger starts a Jaeger of its own, but OTEL_EXPORTER_OTLP_ENDPOINT names another backend, ${endpoint}. ` +
        'Unset it, or leave out --jaeger.',
    )
  }
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new Error(
      `OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(endpoint)}; it takes a URL such as http://localhost:4318.`,
    )
  }
  const { hostname, port } = new URL(endpoint)
  const grpc = env['OTEL_EXPORTER_OTLP_PROTOCOL'] === 'grpc'
  if (port === GRPC_PORT || (grpc && port !== '4318')) {
    const reason = port === GRPC_PORT ? `port ${GRPC_PORT} is usually OTLP over gRPC` : 'the protocol is grpc'
    const notice =
      `Nothing is sent to ${endpoint}: ${reason},\n` +
      'and the demo speaks OTLP over HTTP. The usual port of that is 4318:\n' +
      `  OTEL_EXPORTER_OTLP_PROTOCOL=http/json OTEL_EXPORTER_OTLP_ENDPOINT=http://${hostname}:4318`
    return { ...none, notice }
  }
  return {
    ...none,
    backend: {
      url: endpoint,
      headers: readHeaders(env['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''),
      page: (env['JAEGER_UI_URL'] || `http://${hostname}:16686`).replace(/\/+$/, ''),
    },
  }
}

function readFlags(args: readonly string[]): Pick<DemoOptions, 'keep' | 'help' | 'jaeger'> {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args: [...args],
      options: { keep: flag, jaeger: flag, help: { ...flag, short: 'h' } },
    }).values
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message.split('. ')[0] : String(cause)}. ${USAGE}`, {
      cause,
    })
  }
}

/** `key=value,key=value` with percent encoding, as the specification of OpenTelemetry has it. */
function readHeaders(list: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const pair of list.split(',')) {
    const [key, ...value] = pair.split('=')
    if (key?.trim() && value.length > 0) headers[key.trim()] = decode(key.trim(), value.join('=').trim())
  }
  return headers
}

function decode(key: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new Error(
      `OTEL_EXPORTER_OTLP_HEADERS has a value for ${key} that is not percent-encoded; a % of its own is written %25.`,
    )
  }
}
