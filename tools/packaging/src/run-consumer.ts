import assert from 'node:assert/strict'
import { join } from 'node:path'

import { startOtlpReceiver, type OtlpReceiver } from '@querylens/tool-otlp-receiver'

import { expectTelemetry, type ExceptionSignal } from './expectations.ts'
import { runCommand } from './run-command.ts'

/** Longer than the test, so that all received telemetry was flushed. */
const NEVER_MILLIS = '60000'

/**
 * Runs the consumer with `QuerylensInstrumentation` in its `NodeSDK` to its end.
 *
 * @throws Error that names the missing telemetry, with the consumer's output
 */
export function checkInstrumentation(
  folder: string,
  version: string,
  exceptions: ExceptionSignal,
): Promise<void> {
  return withReceiver(async (receiver) => {
    const environment = environmentFor(receiver)
    if (exceptions === 'log event') environment['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN'] = 'logs'
    const { code, signal, output } = await runCommand(process.execPath, [join('dist', 'app.js')], {
      cwd: folder,
      env: environment,
      timeoutMillis: 30_000,
    })
    assert.equal(signal ?? code, 0, `the consumer ended with ${signal ?? code}:\n${output}`)
    expectOrShow(output, () => expectTelemetry(receiver, { version, exceptions }))
  })
}

/** Runs the consumer with `startTelemetry()`, and ends it by SIGTERM after its workload. */
export function checkSigterm(folder: string, version: string): Promise<void> {
  return withReceiver(async (receiver) => {
    let spansBefore: number | undefined
    const { code, signal, output } = await runCommand(process.execPath, [join('dist', 'one-line.js')], {
      cwd: folder,
      env: environmentFor(receiver),
      timeoutMillis: 30_000,
      onLine: {
        line: 'ready',
        call(pid) {
          spansBefore = receiver.spans.length
          process.kill(pid, 'SIGTERM')
        },
      },
    })
    assert.equal(spansBefore, 0, `spans that arrived before SIGTERM; the consumer wrote:\n${output}`)
    assert.equal(signal, 'SIGTERM', `the consumer ended with ${signal ?? code}:\n${output}`)
    expectOrShow(output, () => expectTelemetry(receiver, { version, exceptions: 'span event' }))
  })
}

async function withReceiver(run: (receiver: OtlpReceiver) => Promise<void>): Promise<void> {
  const receiver = await startOtlpReceiver()
  try {
    await run(receiver)
  } finally {
    await receiver.stop()
  }
}

function environmentFor(receiver: OtlpReceiver): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_BSP_SCHEDULE_DELAY: NEVER_MILLIS,
    OTEL_BLRP_SCHEDULE_DELAY: NEVER_MILLIS,
    OTEL_METRIC_EXPORT_INTERVAL: NEVER_MILLIS,
    OTEL_NODE_RESOURCE_DETECTORS: 'none',
    OTEL_LOG_LEVEL: 'warn',
  }
}

function expectOrShow(output: string, expect: () => void): void {
  try {
    expect()
  } catch (error) {
    const said = output.trim() === '' ? '' : `\nThe consumer wrote:\n${output.trim()}`
    throw new Error(`${error instanceof Error ? error.message : String(error)}${said}`, { cause: error })
  }
}
