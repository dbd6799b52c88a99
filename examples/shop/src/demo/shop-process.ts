import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The shop, in a process of its own as in real life. */
export interface ShopProcess {
  readonly url: string
  /** What it wrote to standard error, the end of it. */
  readonly complaints: string
  /** Lets it finish its requests and send its last spans; the same promise each time. */
  stop(): Promise<void>
}

const SHOP = fileURLToPath(new URL('../main.ts', import.meta.url))
const TELEMETRY = new URL('../telemetry.ts', import.meta.url).href
const STOP_DEADLINE_MILLIS = 10_000

/** All optional. */
export interface ShopOptions {
  /** Variables that go before those that the demo sets. @default none */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** URLs of modules that are loaded before everything else. @default none */
  readonly preload?: readonly string[] | undefined
}

/**
 * Starts it on a free port.
 *
 * @param otlpUrl where its telemetry goes
 * @throws Error with what it wrote, when it ends in place of opening
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
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2_000)
  })
  const exited = once(child, 'exit')
  const opened = once(child, 'message').then(([message]) => (message as { url: string }).url)
  const url = await Promise.race([opened, exited.then(() => undefined)])
  if (url === undefined) throw new Error(`The shop did not open. It wrote:\n${complaints.trim()}`)
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MILLIS)
    await exited
    clearTimeout(timer)
  }
  return {
    url,
    get complaints() {
      return complaints
    },
    stop: () => (stopped ??= stop()),
  }
}

/** The reader's own settings are for the backend, see `options.ts`; a sampler among them would empty the tables. */
function withoutTelemetry(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_LOG_LEVEL', 'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('OTEL_') || kept.includes(name)),
  )
}

/** Short delays, because the demo is short, and room for more spans than a second of it can make. */
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
