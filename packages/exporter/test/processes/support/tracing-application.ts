import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { SpanCounts } from '../../../src/sdk/index.js'

/** How the process ended. */
export interface EndedApplication {
  readonly code: number | null
  readonly stderr: string
  /** What it said of lost spans, with `<time>` in place of times, one or two, and `<port>` in place of ports. */
  readonly warnings: readonly string[]
}

/** The fixture of this name, in a process of its own. */
export interface TracingApplication {
  /** Gives it a command and waits until it has been carried out. */
  tell(command: string): Promise<SpanCounts>
  /** The same, where the command is its last one. */
  end(command?: string): Promise<EndedApplication>
}

/** Sends traces alone to the endpoint, at once and with little patience, unless variables say otherwise. */
export function startTracingApplication(
  endpoint: string,
  environment: NodeJS.ProcessEnv = {},
): TracingApplication {
  const path = fileURLToPath(new URL('../fixtures/tracing-application.ts', import.meta.url))
  const application = spawn(process.execPath, [path], {
    env: {
      PATH: process.env['PATH'],
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      // Too short for a second attempt.
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      ...environment,
    },
  })
  let stderr = ''
  application.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const answers = createInterface({ input: application.stdout })[Symbol.asyncIterator]()
  return {
    async tell(command) {
      application.stdin.write(`${command}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`The application has ended: ${stderr}`)
      return JSON.parse(value) as SpanCounts
    },
    async end(command) {
      const closed = once(application, 'close')
      application.stdin.end(command === undefined ? '' : `${command}\n`)
      const [code] = (await closed) as [number | null]
      const warnings = Array.from(
        stderr.matchAll(/\[QUERYLENS_SPANS_LOST\] Warning: (.*)/g),
        ([, text = '']) =>
          text
            .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
            .replaceAll('from <time> to <time>', 'at <time>')
            .replaceAll(/(?<=:)\d{4,5}\b/g, '<port>'),
      )
      return { code, stderr, warnings }
    },
  }
}
