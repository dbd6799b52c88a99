import { context, diag, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { startOtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterEach, describe, expect, it, vi } from 'vitest'

import {
  addFirstProcessor,
  announcesEnding,
  batchProcessorsOf,
  diagLogger,
  hookClassesOf,
  onAnswer,
  patchedModulesOf,
  rpcMetadataIn,
  resourceDetection,
  startExactly,
  targetOf,
  withholdResourceAttribute,
} from '../src/sdk-internals.js'
import type { SpanExporter } from '../src/sdk/lost-spans/span-exporter.js'
import { registeredProvider, sdkLines, type LineProvider } from './support/sdk-lines.js'

afterEach(() => {
  context.disable()
  trace.disable()
  metrics.disable()
  propagation.disable()
  diag.disable()
  vi.unstubAllEnvs()
})

/** An exporter that answers at once, or never. */
function createExporter(answers = true): SpanExporter & { readonly names: string[] } {
  const names: string[] = []
  return {
    names,
    export(spans, callback) {
      names.push(...spans.map(({ name }) => name))
      if (answers) callback({ code: 0 })
    },
    async shutdown() {},
  }
}

/** A processor that logs its calls. */
function createLog(log: string[], name: string, act: Partial<SpanProcessor> = {}): SpanProcessor {
  return {
    onStart(...args) {
      log.push(`${name} onStart`)
      act.onStart?.(...args)
    },
    onEnding(span) {
      log.push(`${name} onEnding`)
      act.onEnding?.(span)
    },
    onEnd: () => void log.push(`${name} onEnd`),
    async forceFlush() {
      log.push(`${name} forceFlush`)
      await act.forceFlush?.()
    },
    async shutdown() {
      log.push(`${name} shutdown`)
      await act.shutdown?.()
    },
  }
}

function end(provider: LineProvider, ...names: readonly string[]): void {
  for (const name of names) provider.getTracer('test').startSpan(name).end()
}

describe.each(sdkLines)('the SDK $line', (line) => {
  describe('batchProcessorsOf', () => {
    it('finds the batch processors of a provider', () => {
      const batch = line.createBatchProcessor(createExporter(), {
        maxQueueSize: 700,
        exportTimeoutMillis: 800,
      })
      const provider = line.createProvider([createLog([], 'other'), batch])
      const [found, ...others] = batchProcessorsOf(provider)
      expect(found).toMatchObject({ queueSize: 700, exportTimeoutMillis: 800, queued: 0 })
      expect(others).toEqual([])
      end(provider, 'a', 'b')
      expect(found?.queued).toBe(2)
    })

    it('replaces the exporter', async () => {
      const [first, second] = [createExporter(), createExporter()]
      const provider = line.createProvider([line.createBatchProcessor(first)])
      const [batch] = batchProcessorsOf(provider)
      expect(batch!.exporter).toBe(first)
      batch!.exporter = second
      end(provider, 'a')
      await provider.forceFlush()
      expect([first.names, second.names]).toEqual([[], ['a']])
    })

    it('calls back for each span that the full queue drops', () => {
      const exporter = createExporter(false)
      const batch = line.createBatchProcessor(exporter, { maxQueueSize: 2, maxExportBatchSize: 2 })
      const provider = line.createProvider([batch])
      let drops = 0
      batchProcessorsOf(provider)[0]!.onDrop(() => drops++)
      // The exporter gets two at once, and two wait.
      end(provider, 'a', 'b', 'c', 'd')
      expect(drops).toBe(0)
      end(provider, 'e', 'f', 'g')
      expect(drops).toBe(3)
    })
  })

  describe('addFirstProcessor', () => {
    it('puts a processor before the others in all calls', async () => {
      const log: string[] = []
      const provider = line.createProvider([createLog(log, 'second')])
      expect(addFirstProcessor(provider, createLog(log, 'first'))).toBe(true)
      end(provider, 'a')
      await provider.forceFlush()
      await provider.shutdown()
      expect(log).toEqual(
        ['onStart', 'onEnding', 'onEnd', 'forceFlush', 'shutdown'].flatMap((call) => [
          `first ${call}`,
          `second ${call}`,
        ]),
      )
    })

    it('lets the first processor write to a span that ends', () => {
      const ended: ReadableSpan[] = []
      const provider = line.createProvider([
        { ...createLog([], 'second'), onEnd: (span) => void ended.push(span) },
      ])
      addFirstProcessor(
        provider,
        createLog([], 'first', {
          onEnding(span) {
            expect(span.isRecording()).toBe(true)
            span.setAttribute('written', true)
          },
        }),
      )
      end(provider, 'a')
      expect(ended.map(({ attributes }) => attributes)).toEqual([{ written: true }])
    })

    it.each(['forceFlush', 'shutdown'] as const)(
      'lets the first processor end spans in time at %s',
      async (call) => {
        const exporter = createExporter()
        const provider = line.createProvider([line.createBatchProcessor(exporter)])
        const span = provider.getTracer('test').startSpan('waits')
        addFirstProcessor(provider, createLog([], 'first', { [call]: async () => span.end() }))
        await provider[call]()
        expect(exporter.names).toEqual(['waits'])
      },
    )
  })

  describe('startExactly', () => {
    it('moves a start that the SDK took, and the end with it', () => {
      const tracer = line.createProvider([createLog([], 'any')]).getTracer('test')
      const before = performance.now()
      const spans = Array.from({ length: 20 }, () => {
        const span = tracer.startSpan('a')
        startExactly(span)
        span.end()
        return span as unknown as ReadableSpan
      })
      const after = performance.now()
      expect(spans.filter(({ startTime: [, nanos] }) => nanos % 1_000_000 === 0).length).toBeLessThan(5)
      for (const { duration } of spans) expect(duration[1] / 1e6).toBeLessThanOrEqual(after - before)
    })

    it('keeps a start that the instrumentation set', () => {
      const provider = line.createProvider([createLog([], 'any')])
      const span = provider.getTracer('test').startSpan('a', { startTime: [1_700_000_000, 5] })
      startExactly(span)
      expect((span as unknown as ReadableSpan).startTime).toEqual([1_700_000_000, 5])
    })
  })

  describe('resourceDetection', () => {
    it('settles when the SDK has detected the resource', async () => {
      let detect = (_value: string): void => {}
      const late = new Promise<string>((resolve) => (detect = resolve))
      const sdk = line.createSdk({
        resourceDetectors: [{ detect: () => ({ attributes: { late } }) }],
        spanProcessors: [createLog([], 'any')],
        metricReaders: [],
        logRecordProcessors: [],
      })
      sdk.start()
      let isDetected = false
      const detected = resourceDetection(registeredProvider()).then(() => (isDetected = true))
      await new Promise((resolve) => setImmediate(resolve))
      expect(isDetected).toBe(false)
      detect('value')
      await detected
      await sdk.shutdown()
    })
  })

  describe('withholdResourceAttribute', () => {
    it.each([
      ['an array', ['node', '--password=s3cret'], undefined],
      ['a string, which the environment gave', 'mine', 'mine'],
    ])('handles %s', async (_, value, expected) => {
      const started: ReadableSpan[] = []
      const sdk = line.createSdk({
        resourceDetectors: [
          { detect: () => ({ attributes: { 'process.command_args': value, 'host.name': 'h' } }) },
        ],
        spanProcessors: [
          { ...createLog([], 'any'), onStart: (span) => void started.push(span as unknown as ReadableSpan) },
        ],
        metricReaders: [],
        logRecordProcessors: [],
      })
      expect(withholdResourceAttribute(sdk, 'process.command_args')).toBe(true)
      sdk.start()
      trace.getTracer('test').startSpan('a')
      const { attributes } = started[0]!.resource
      expect([attributes['process.command_args'], attributes['host.name']]).toEqual([expected, 'h'])
      await sdk.shutdown()
    })
  })

  describe('the OTLP exporters of NodeSDK', () => {
    /** Starts `NodeSDK` with these variables alone. */
    function startFromEnvironment(variables: NodeJS.ProcessEnv): { shutdown(): Promise<void> } {
      const all = {
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
        ...variables,
      }
      for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value)
      const sdk = line.createSdk({})
      sdk.start()
      return sdk
    }

    it.each([
      ['http/json', 'http://127.0.0.1:1/key', 'http://127.0.0.1:1/key/v1/traces'],
      ['http/protobuf', 'http://127.0.0.1:1/key', 'http://127.0.0.1:1/key/v1/traces'],
      ['grpc', 'http://127.0.0.1:1', '127.0.0.1:1'],
    ])('have the target of %s', async (protocol, endpoint, target) => {
      const sdk = startFromEnvironment({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      })
      const [batch] = batchProcessorsOf(registeredProvider())
      expect(targetOf(batch!.exporter)).toBe(target)
      await sdk.shutdown()
    })

    it.each(['http/json', 'http/protobuf'])('show the answer of the backend with %s', async (protocol) => {
      const receiver = await startOtlpReceiver()
      const sdk = startFromEnvironment({
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      })
      const provider = registeredProvider()
      const answers: unknown[] = []
      onAnswer(batchProcessorsOf(provider)[0]!.exporter, (data, read) => {
        const response = read()
        answers.push([data instanceof Uint8Array, typeof response])
        return response
      })
      end(provider, 'a')
      await provider.forceFlush()
      expect(answers).toEqual([[true, 'object']])
      expect(receiver.requests).toHaveLength(1)
      await sdk.shutdown()
      await receiver.stop()
    })
  })

  describe('announcesEnding', () => {
    it('knows an SDK that calls onEnding from any of its spans', () => {
      const span = line.createProvider([]).getTracer('test').startSpan('a')
      expect(announcesEnding(span)).toBe(true)
      expect(announcesEnding({})).toBe(false)
    })
  })

  describe('patchedModulesOf', () => {
    it('names the modules that an instrumentation patches', () => {
      expect(patchedModulesOf(new HttpInstrumentation())).toEqual(['https', 'http'])
      expect(patchedModulesOf({})).toEqual([])
    })
  })

  describe('hookClassesOf', () => {
    it('has the class of import-in-the-middle', () => {
      const [name] = hookClassesOf(new HttpInstrumentation())
        .map((each) => (each as { name: string }).name)
        .slice(1)
      expect(name).toBe('Hook')
      expect(hookClassesOf({})).toEqual([])
    })
  })

  describe('rpcMetadataIn', () => {
    it('finds what the instrumentation of an HTTP server left', () => {
      const span = line.createProvider([]).getTracer('test').startSpan('GET')
      const at = line.setRequestSpan(ROOT_CONTEXT, { type: 'http', span } as never)
      expect(rpcMetadataIn(at)?.span).toBe(span)
      expect(rpcMetadataIn(ROOT_CONTEXT)).toBeUndefined()
    })
  })
})

describe('diagLogger', () => {
  it('is there while a logger is set', () => {
    const ignore = (): void => {}
    expect(diagLogger()).toBeUndefined()
    diag.setLogger({ error: ignore, warn: ignore, info: ignore, debug: ignore, verbose: ignore })
    expect(diagLogger()).toBeDefined()
    diag.disable()
    expect(diagLogger()).toBeUndefined()
  })
})
