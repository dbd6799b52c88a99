import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'
import { expect } from 'vitest'

const FIXTURES = new URL('../fixtures/requests/', import.meta.url)

/** An application of `fixtures/requests`. */
export interface Application {
  /** @default application */
  readonly file?: string
  /** Its argument. */
  readonly framework: string
  readonly modules: 'ES modules' | 'CommonJS'
  /** Names of instrumentations, with commas. */
  readonly instrumentations: string
  readonly environment?: NodeJS.ProcessEnv
}

/** A request to it. */
export interface ApplicationRequest {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Runs an application, sends it requests one after the other, and waits for its end. Fails if it writes to stderr. */
export async function runApplication(
  { url }: Pick<OtlpReceiver, 'url'>,
  { file = 'application', framework, modules, instrumentations, environment }: Application,
  requests: readonly ApplicationRequest[],
): Promise<void> {
  const isCommonJs = modules === 'CommonJS'
  const path = (name: string): string =>
    fileURLToPath(new URL(`${name}.${isCommonJs ? 'cts' : 'ts'}`, FIXTURES))
  const application = fork(path(file), [framework], {
    execArgv: [...RUN_TYPESCRIPT, isCommonJs ? '--require' : '--import', path('telemetry')],
    silent: true,
    env: {
      PATH: process.env['PATH'],
      FIXTURE_INSTRUMENTATIONS: instrumentations,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
      ...environment,
    },
  })
  let stderr = ''
  application.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const exited = once(application, 'exit')
  const [message] = (await Promise.race([once(application, 'message'), exited])) as [
    { port?: number } | number,
  ]
  if (typeof message === 'object') {
    for (const { path: target, headers = {} } of requests) {
      await (await fetch(`http://127.0.0.1:${message.port}${target}`, { headers })).text()
    }
    application.disconnect()
  }
  await exited
  expect(stderr).toBe('')
}
