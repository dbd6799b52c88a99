import { parseArgs } from 'node:util'

/** A second backend for the telemetry. */
export interface DemoBackend {
  /** Its endpoint for OTLP over HTTP. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The URL of its page. */
  readonly page: string
}

/** The options of the demo. */
export interface DemoOptions {
  /** Whether to print only the usage. */
  readonly help: boolean
  /** Whether everything keeps running at the end. */
  readonly keep: boolean
  /** Whether to start a Jaeger for the telemetry; it implies `keep`. */
  readonly jaeger: boolean
  readonly backend: DemoBackend | undefined
  /** A hint to print before the start. */
  readonly notice: string | undefined
}

/** The usage of the demo. */
export const USAGE =
  'It takes --jaeger, which starts a Jaeger and sends all traces there, and --keep, which leaves everything running at the end.'
const GRPC_PORT = '4317'

/**
 * Reads the flags, and the `OTEL_*` variables for a backend.
 *
 * @throws Error that names the flag or the variable and its valid values
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
      'and the demo sends OTLP over HTTP, usually to port 4318:\n' +
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

/** Reads `key=value,key=value` with percent encoding, as OpenTelemetry specifies. */
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
      `OTEL_EXPORTER_OTLP_HEADERS has a value for ${key} that is not percent-encoded. Write a literal % as %25.`,
    )
  }
}
