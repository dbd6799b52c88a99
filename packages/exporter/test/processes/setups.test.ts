import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { startOtlpReceiver, type OtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { QuerylensInstrumentation } from '../../src/index.js'
import { startTelemetry } from '../../src/sdk/index.js'

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))
const FIXTURE = fileURLToPath(new URL('fixtures/setups.ts', import.meta.url))

const CALLED_TWICE = expect.stringMatching(/^startTelemetry\(\) was called a second time\./) as string
const SECOND_INSTRUMENTATION = expect.stringMatching(
  /^a second QuerylensInstrumentation was set up for the same SDK\. .* startTelemetry\(\{ querylens: \{ … \} \}\)/,
) as string
const PATCH_FAILED = 'an instrumentation could not patch tls. Reason: The patch fails.'
const OTHER_SDK = expect.stringMatching(
  /^another OpenTelemetry SDK, such as a NodeSDK, was registered before startTelemetry\(\) was called\./,
) as string

let receiver: OtlpReceiver
/** The folder of a second copy of this package. */
let copy: string

beforeAll(async () => {
  copy = await mkdtemp(join(PACKAGE, 'node_modules', '.copy-'))
  await cp(join(PACKAGE, 'dist'), join(copy, 'dist'), { recursive: true })
})
afterAll(() => rm(copy, { recursive: true }))
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.stop())

/** Sets telemetry up in a process of its own, which sends one query. */
async function run(setup: string): Promise<{ readonly code: number | null; readonly warnings: string[] }> {
  const application = spawn(
    process.execPath,
    [...RUN_TYPESCRIPT, FIXTURE, setup, pathToFileURL(join(copy, 'dist')).href],
    {
      env: {
        PATH: process.env['PATH'],
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
        OTEL_METRIC_EXPORT_INTERVAL: '600000',
      },
    },
  )
  let stderr = ''
  application.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const [code] = (await once(application, 'close')) as [number | null]
  const warnings = Array.from(
    stderr.matchAll(/\[QUERYLENS_TELEMETRY_SETUP\] Warning: querylens: (.*)/g),
    ([, text = '']) => text,
  )
  expect(
    stderr.replaceAll(/.*(?:QUERYLENS_TELEMETRY_SETUP|ExperimentalWarning|--trace-warnings).*\n/g, ''),
  ).toBe('')
  return { code, warnings }
}

describe('set-ups of telemetry', () => {
  it.each<[setup: string, warnings: readonly string[]]>([
    ['startTelemetry', []],
    ['startTelemetry twice', [CALLED_TWICE]],
    ['startTelemetry of two copies', [CALLED_TWICE]],
    ['startTelemetry with the instrumentation in its list', []],
    ['startTelemetry with the instrumentation of another copy in its list', []],
    ['startTelemetry with an instrumentation that fails', [PATCH_FAILED]],
    ['startTelemetry with an instrumentation of a file', []],
    ['startTelemetry after the instrumentation', [SECOND_INSTRUMENTATION]],
    ['startTelemetry before the instrumentation', [SECOND_INSTRUMENTATION]],
    ['startTelemetry before registerInstrumentations', [SECOND_INSTRUMENTATION]],
    ['startTelemetry after a NodeSDK', [OTHER_SDK]],
    ['startTelemetry after a NodeSDK with the instrumentation', [OTHER_SDK]],
    ['startTelemetry before a NodeSDK with the instrumentation', [SECOND_INSTRUMENTATION]],
    ['a NodeSDK with two instrumentations', [SECOND_INSTRUMENTATION]],
    ['a NodeSDK with two instrumentations of two copies', [SECOND_INSTRUMENTATION]],
  ])('send each span and each measurement once: %s', async (setup, warnings) => {
    expect(await run(setup)).toEqual({ code: 0, warnings })
    expect(receiver.spans.map(({ name }) => name)).toEqual(['select'])
    const durations = receiver.metrics.filter(({ name }) => name === 'db.client.operation.duration')
    expect(durations.flatMap(({ dataPoints }) => dataPoints.map(({ count }) => count))).toEqual([1])
  })

  it('use the options of the instrumentation in the list of startTelemetry', async () => {
    await run('startTelemetry with the instrumentation in its list')
    expect(receiver.spans[0]?.attributes).not.toHaveProperty(['db.query.text'])
  })

  it('are rejected where two options of startTelemetry set up the instrumentation', () => {
    const instrumentations = [new QuerylensInstrumentation({ enabled: false })]
    expect(() => startTelemetry({ querylens: { findingLogs: true }, instrumentations })).toThrow(
      "Options 'querylens' and 'instrumentations' of startTelemetry() both set up a QuerylensInstrumentation.",
    )
  })
})
