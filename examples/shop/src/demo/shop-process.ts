import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The shop in a separate process, as in production. */
export interface ShopProcess {
  readonly url: string
  /** The end of its standard error. */
  readonly errorOutput: string
  /** Ends it after its open requests and the export of its last spans. Every call returns the same promise. */
  stop(): Promise<void>
}

const SHOP = fileURLToPath(new URL('../main.ts', import.meta.url))
const TELEMETRY = new URL('../telemetry.ts', import.meta.url).href
const STOP_DEADLINE_MILLIS = 10_000

/** The options of {@link startShop}. All are optional. */
export interface ShopOptions {
  /** Variables that override those of the demo. @default none */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** URLs of modules that are loaded before everything else. @default none */
  readonly preload?: readonly string[] | undefined
}

/**
 * Starts the shop on a free port.
 *
 * @param otlpUrl the endpoint for its telemetry
 * @throws Error with its standard error if it ends before it listens
 */
export async function startShop(
  databaseUrl: string,
  otlpUrl: string,
  options?: ShopOptions,
): Promise<ShopProcess> {
  const imports = [...(options?.preload ?? []), TELEMETRY].flatMap((module) => ['--import', module])
  const child = spawn(process.execPath, [...imports, SHOP], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...withoutTelemetry(process.env),
      ...telemetryTo(otlpUrl),
      ...options?.env,
      DATABASE_URL: databaseUrl,
      PORT: '0',
    },
  })
  let errorOutput = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-2_000)
  })
  const exited = once(child, 'exit')
  const opened = once(child, 'message').then(([message]) => (message as { url: string }).url)
  const url = await Promise.race([opened, exited.then(() => undefined)])
  if (url === undefined) throw new Error(`The shop did not start. It wrote:\n${errorOutput.trim()}`)
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MILLIS)
    await exited
    clearTimeout(timer)
  }
  return {
    url,
    get errorOutput() {
      return errorOutput
    },
    stop: () => (stopped ??= stop()),
  }
}

/** Removes `OTEL_*` variables: they configure the backend, see `options.ts`, and a sampler would leave the tables empty. */
function withoutTelemetry(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_LOG_LEVEL', 'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('OTEL_') || kept.includes(name)),
  )
}

/** Short delays, because the demo is short, and a queue for all spans between two exports. */
function telemetryTo(url: string): NodeJS.ProcessEnv {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_BSP_MAX_QUEUE_SIZE: '50000',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2048',
    OTEL_BLRP_SCHEDULE_DELAY: '200',
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
  }
}
