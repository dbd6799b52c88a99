import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { startOtlpReceiver, type OtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { startTelemetry, type TelemetryOptions } from '../../src/sdk/index.js'

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

let receiver: OtlpReceiver

beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.stop())

/** Runs the fixture to its end. Sends a signal as soon as the fixture is ready if its ending has one. */
async function run(ending: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const application = spawn(
    process.execPath,
    [...RUN_TYPESCRIPT, fileURLToPath(new URL('fixtures/application.ts', import.meta.url)), ending],
    {
      env: {
        PATH: process.env['PATH'],
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
        ...environment,
      },
    },
  )
  let stderr = ''
  application.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  application.stdout.once('data', () => {
    if (!ending.includes('signal')) return
    application.kill(signalOf(ending))
    if (ending.includes('repeated')) {
      setTimeout(() => application.kill(signalOf(ending)), ending.includes('later') ? 1_000 : 20)
    }
  })
  const [code, signal] = (await once(application, 'exit')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stderr }
}

const signalOf = (ending: string): NodeJS.Signals => (ending.includes('Ctrl+C') ? 'SIGINT' : 'SIGTERM')

const names = (): string[] => receiver.spans.map(({ name }) => name)

describe('startTelemetry', () => {
  it.each(['by itself', 'by shutdown'])(
    'sends traces, metrics and logs when the process ends %s',
    async (ending) => {
      const { code, stderr } = await run(ending, { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs/dup' })
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/rror/) as string })
      expect(names()).toEqual(['select', 'select nowhere'])
      expect(receiver.metrics.map(({ name }) => name)).toContain('db.client.operation.duration')
      expect(receiver.logs).toMatchObject([
        {
          eventName: 'db.client.operation.exception',
          attributes: { 'exception.type': 'Error' },
          spanId: receiver.spans[1]?.spanId,
        },
      ])
      expect(receiver.spans[1]?.events).toHaveLength(1)
    },
  )

  it('sends process.command_args only where OTEL_NODE_RESOURCE_DETECTORS is set', async () => {
    const resources = async (detectors: string): Promise<readonly unknown[]> => {
      receiver.clear()
      await run('by itself', {
        OTEL_NODE_RESOURCE_DETECTORS: detectors,
        OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs',
      })
      const { spans, metrics, logs } = receiver
      return [spans[0], metrics[0], logs[0]].map((signal) => signal?.resource)
    }
    const expected = {
      'process.pid': expect.any(Number) as number,
      'host.name': expect.any(String) as string,
    }
    for (const resource of [...(await resources('')), ...(await resources(' '))]) {
      expect(resource).toMatchObject(expected)
      expect(resource).not.toHaveProperty(['process.command_args'])
    }
    receiver.clear()
    await run('by itself', {
      OTEL_NODE_RESOURCE_DETECTORS: '',
      OTEL_RESOURCE_ATTRIBUTES: 'process.command_args=mine',
    })
    expect(receiver.spans[0]?.resource).toMatchObject({ 'process.command_args': 'mine' })
    for (const resource of await resources('all')) {
      expect(resource).toMatchObject({
        ...expected,
        'process.command_args': expect.arrayContaining(['by itself']) as string[],
      })
    }
  })

  it('sends exceptions as logs alone with an opt-in to logs', async () => {
    await run('by itself', { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs' })
    expect(receiver.spans[1]).toMatchObject({ status: { code: 'ERROR' }, events: [] })
    expect(receiver.logs).toHaveLength(1)
  })

  it('ends with an empty event loop although the backend never answers', async () => {
    receiver.respondWith({ delayMillis: Infinity })
    // The exporter itself would wait for longer than the test's timeout.
    const { code } = await run('by itself', { OTEL_EXPORTER_OTLP_TIMEOUT: '120000' })
    expect(code).toBe(0)
  })

  it('sends no query spans with enabled: false', async () => {
    await run('by itself', { FIXTURE_ENABLED: 'false' })
    expect(names()).toEqual([])
  })

  it('sends the span of a scope that is open at the shutdown', async () => {
    await run('by shutdown in a scope')
    const [query, job] = receiver.spans.slice(-2)
    expect(job?.name).toBe('job')
    expect(query?.parentSpanId).toBe(job?.spanId)
  })

  it.each(['by process.exit()', 'by an error'])(
    'reports unsent spans when the process ends %s',
    async (ending) => {
      const { stderr } = await run(ending)
      expect(names()).toEqual([])
      expect(stderr).toContain(
        '[QUERYLENS_SPANS_LOST] Warning: querylens: 2 spans were not sent: process.exit() or an uncaught error ' +
          'ended the process. Await shutdown() of the result of startTelemetry() first.',
      )
      const { stderr: silenced } = await run(ending, {
        NODE_OPTIONS: '--disable-warning=QUERYLENS_SPANS_LOST',
      })
      expect(silenced).not.toContain('QUERYLENS_SPANS_LOST')
    },
  )

  it('begins the spans of other libraries at their exact time', async () => {
    await run('by itself', { FIXTURE_SPANS: '20' })
    const starts = receiver.spans.filter(({ name }) => name === 'theirs').map(({ startTime }) => startTime)
    expect(starts).toHaveLength(20)
    expect(starts.filter((start) => start % 1_000_000n === 0n).length).toBeLessThan(5)
  })

  it('flushes without stopping', async () => {
    await run('by flush')
    expect(names()).toEqual(['select', 'select nowhere'])
    expect(receiver.metrics).not.toEqual([])
  })

  it('flushes on SIGTERM beside a handler of the application', async () => {
    const { code } = await run('by a signal handler that knows nothing of telemetry')
    expect(code).toBe(7)
    expect(names()).toEqual(['select', 'select nowhere'])
  })

  it.each(['by a signal', 'by a signal of Ctrl+C', 'by a signal of Ctrl+C with telemetry started twice'])(
    'flushes and lets the process end %s',
    async (ending) => {
      expect(await run(ending)).toMatchObject({ code: null, signal: signalOf(ending) })
      expect(names()).toEqual(['select', 'select nowhere'])
    },
  )

  it('takes two signals within half a second for one', async () => {
    // The exporter retries a second later.
    receiver.respondWith({ status: 503 })
    const ended = run('by a signal, repeated at once')
    await vi.waitUntil(() => receiver.requests.length > 0, 10_000)
    receiver.respondWith()
    expect(await ended).toMatchObject({ signal: 'SIGTERM' })
    // The backend refused them once, and took them once.
    expect(names()).toHaveLength(4)
  })

  it('ends at a second signal while it waits for a backend', async () => {
    receiver.respondWith({ delayMillis: Infinity })
    const { signal, stderr } = await run('by a signal, repeated later')
    expect({ signal, stderr }).toEqual({
      signal: 'SIGTERM',
      stderr: expect.not.stringContaining('QUERYLENS') as string,
    })
  })

  it('lets a handler end the process that ends it only without other handlers', async () => {
    const ending = 'by a signal of Ctrl+C beside a handler that waits to be alone'
    expect(await run(ending)).toMatchObject({ signal: 'SIGINT' })
  })

  it('leaves the end of the process to an application that handles SIGTERM', async () => {
    expect(await run('by its own signal handler')).toMatchObject({ code: 7, signal: null })
    expect(names()).toHaveLength(3)
  })

  it('names the service, unless the environment does', async () => {
    await run('by itself')
    await run('by itself', { OTEL_SERVICE_NAME: 'named' })
    await run('by itself', { OTEL_RESOURCE_ATTRIBUTES: 'a=b,service.name=deployed' })
    const services = new Set(receiver.spans.map(({ resource }) => resource['service.name']))
    expect([...services]).toEqual(['fixture', 'named', 'deployed'])
  })

  it('honours the SDK’s switches', async () => {
    await run('by itself', { OTEL_SDK_DISABLED: 'true' })
    expect(receiver.requests).toEqual([])
    await run('by itself', { OTEL_TRACES_SAMPLER: 'always_off' })
    expect(receiver.spans).toEqual([])
    expect(receiver.metrics).not.toEqual([])
  })

  it('speaks protobuf by default', async () => {
    await run('by itself', { OTEL_EXPORTER_OTLP_PROTOCOL: undefined })
    expect(receiver.requests.map(({ path, contentType }) => `${path} ${contentType}`)).toEqual(
      expect.arrayContaining(['/v1/traces application/x-protobuf', '/v1/metrics application/x-protobuf']),
    )
  })

  it('does not change the end of the process when the backend is down', async () => {
    const down = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '500' }
    expect(await run('by itself', down)).toMatchObject({ code: 0 })
    expect(await run('by a signal', down)).toMatchObject({ signal: 'SIGTERM' })
  })

  it('does not change the end of the process when the backend answers garbage', async () => {
    receiver.respondWith({ status: 500, body: '<html>no</html>' })
    expect(await run('by itself', { OTEL_EXPORTER_OTLP_TIMEOUT: '500' })).toMatchObject({ code: 0 })
    receiver.respondWith({ status: 200, body: '<html>no</html>' })
    expect(await run('by itself')).toMatchObject({ code: 0 })
  })

  it('ends at a signal although the backend does not answer', async () => {
    receiver.respondWith({ delayMillis: 50_000 })
    expect(await run('by a signal')).toMatchObject({ signal: 'SIGTERM' })
  })

  describe('startTelemetry, with variables that the SDK cannot read', () => {
    const warnings = (stderr: string): string[] =>
      Array.from(
        stderr.matchAll(/\[QUERYLENS_TELEMETRY_SETUP\] Warning: querylens: OpenTelemetry reports: (.*)/g),
        ([, text = '']) => text,
      )

    it.each<[NodeJS.ProcessEnv, readonly RegExp[]]>([
      [
        { OTEL_TRACES_EXPORTER: 'otpl' },
        [/^Unrecognized OTEL_TRACES_EXPORTER value: otpl/, /^Unable to set up/],
      ],
      [{ OTEL_TRACES_SAMPLER: 'alway_on' }, [/^unknown OTEL_TRACES_SAMPLER value "alway_on"/]],
      // The exporter of each signal reports it.
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, [/^Unknown value '10s' for OTEL_EXPORTER_OTLP_TIMEOUT/]],
      [
        { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://user:s3cret@not valid/' },
        [/Could not parse environment-provided export URL: '…'/],
      ],
      [
        { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector.example.com/s3cret', OTEL_EXPORTER_OTLP_TIMEOUT: '500' },
        [/Could not parse environment-provided export URL: '…'/],
      ],
      [
        {
          OTEL_EXPORTER_OTLP_ENDPOINT: 'collector.example.com?key=s3cret',
          OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        },
        [/Could not parse environment-provided export URL: '…'/],
      ],
    ])('warns of %j', async (environment, messages) => {
      const { code, stderr } = await run('by itself', environment)
      expect(code).toBe(0)
      expect(warnings(stderr)).toEqual(messages.map((message) => expect.stringMatching(message) as string))
      expect(stderr).not.toContain('s3cret')
    })

    it('does not warn where OTEL_LOG_LEVEL is set', async () => {
      const { stderr } = await run('by itself', { OTEL_TRACES_SAMPLER: 'x', OTEL_LOG_LEVEL: 'error' })
      expect(warnings(stderr)).toEqual([])
      expect(stderr).toContain('unknown OTEL_TRACES_SAMPLER value "x"')
    })

    it('does not warn of valid choices', async () => {
      const { stderr } = await run('by itself', { OTEL_TRACES_EXPORTER: 'none', OTEL_SDK_DISABLED: 'false' })
      expect(warnings(stderr)).toEqual([])
    })
  })

  it.each<[unknown, string]>([
    [
      { service: 'x' },
      "startTelemetry() has no option 'service'. It takes: serviceName, instrumentations, querylens, handleSignals.",
    ],
    [
      { instrumentations: [{}] },
      "Option 'instrumentations' of startTelemetry() takes an array of instrumentations, such as new HttpInstrumentation(), but got an array of 1.",
    ],
    [
      { serviceName: 7 },
      "Option 'serviceName' of startTelemetry() takes a non-empty string, but got the number 7.",
    ],
    [
      { querylens: { queryText: 1 } },
      "Option 'querylens.queryText' of startTelemetry() takes true or false, but got the number 1.",
    ],
    [
      { querylens: { querytext: true } },
      "startTelemetry() has no option 'querylens.querytext'. It takes: querylens.enabled, querylens.httpScopes, querylens.queryText, querylens.errorMessages, querylens.transactionSpans, querylens.exportFindings, querylens.findingLogs.",
    ],
  ])('rejects %j', (options, message) => {
    expect(() => startTelemetry(options as TelemetryOptions)).toThrow(message)
  })
})
