import { styleText } from 'node:util'

import { FLAGS, readOptions, USAGE } from './options.ts'
import { findTakenPorts } from './ports.ts'
import { startJaeger, type Jaeger } from './start-jaeger.ts'

const interrupted = new Promise<number>((resolve) => {
  process.once('SIGINT', () => resolve(130))
  process.once('SIGTERM', () => resolve(143))
})

const KEEP_ALIVE_MILLIS = 60_000

let jaeger: Jaeger | undefined

async function run(): Promise<number> {
  const { help, ports } = readOptions(process.argv.slice(2))
  if (help) {
    process.stdout.write(USAGE)
    return 0
  }
  const taken = await findTakenPorts(ports, FLAGS)
  if (taken.length > 0) throw new Error(taken.join('\n'))
  jaeger = await startJaeger({ ports })
  process.stdout.write(describe(jaeger))
  // The child process does not keep this process alive.
  setInterval(() => {}, KEEP_ALIVE_MILLIS)
  throw new Error(`Jaeger has ended: ${await jaeger.ended}`)
}

function describe({ url, httpUrl, grpcUrl, origin, hasPage }: Jaeger): string {
  const page = hasPage
    ? url
    : styleText(
        'yellow',
        `none: this one was built without. JAEGER_UI_ASSETS takes the folder of a built Jaeger UI`,
      )
  return [
    styleText('bold', `Jaeger is running (from ${origin}).`),
    `  page        ${page}`,
    ...(hasPage ? [] : [`  query API   ${url}/api/v3/services`]),
    `  OTLP/HTTP   ${httpUrl}`,
    `  OTLP/gRPC   ${grpcUrl}`,
    '',
    'Send it the traces of your application. Jaeger stores neither metrics nor logs:',
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${httpUrl} OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none \\`,
    '    node --import ./telemetry.mjs app.js',
    '',
    'Ctrl+C ends it, and with it the traces that it has in memory.',
    '',
  ].join('\n')
}

const exitCode = await Promise.race([interrupted, run()]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})
// A second Ctrl+C ends this process at once, and the guard cleans up.
for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
await jaeger?.stop()
process.exit(exitCode)
