import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'

import type { SpanCounts } from '../../../src/sdk/index.js'

/** A process that has ended. */
export interface EndedApplication {
  readonly code: number | null
  readonly stderr: string
  /** Its warnings of lost spans, with `<time>` for one or two times and `<port>` for ports. */
  readonly warnings: readonly string[]
}

/** The fixture `tracing-application.ts` in a process of its own. */
export interface TracingApplication {
  /** Sends a command, and waits until the application has carried it out. */
  tell(command: string): Promise<SpanCounts>
  /** Sends the last command, and waits for the end of the process. */
  end(command?: string): Promise<EndedApplication>
}

/** Starts an application that sends only traces, at once, with short timeouts unless `environment` has others. */
export function startTracingApplication(
  endpoint: string,
  environment: NodeJS.ProcessEnv = {},
): TracingApplication {
  const path = fileURLToPath(new URL('../fixtures/tracing-application.ts', import.meta.url))
  const application = spawn(process.execPath, [...RUN_TYPESCRIPT, path], {
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
