import { describe, expect, it } from 'vitest'

import { readOptions } from '../../src/demo/options.ts'

describe('readOptions', () => {
  it('forwards nothing by default', () => {
    expect(readOptions([], {})).toEqual({
      help: false,
      keep: false,
      jaeger: false,
      backend: undefined,
      notice: undefined,
    })
    expect(readOptions(['--keep'], {}).keep).toBe(true)
  })

  it('implies keep for --jaeger and rejects a second backend', () => {
    expect(readOptions(['--jaeger'], {})).toMatchObject({ jaeger: true, keep: true })
    expect(() =>
      readOptions(['--jaeger'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces.local:4318' }),
    ).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT names another backend, http://traces.local:4318. Unset it, or leave out --jaeger.',
    )
  })

  it('forwards to the endpoint with its headers, and expects the page of Jaeger on the same host', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces.local:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b=c, other=d',
    }
    expect(readOptions([], env).backend).toEqual({
      url: 'http://traces.local:4318',
      headers: { 'x-key': 'a b=c', other: 'd' },
      page: 'http://traces.local:16686',
    })
    expect(readOptions([], { ...env, JAEGER_UI_URL: 'https://jaeger.local/' }).backend?.page).toBe(
      'https://jaeger.local',
    )
  })

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9999', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  ])('sends nothing to a gRPC endpoint and suggests the HTTP one: %o', (env) => {
    const { backend, notice } = readOptions([], env)
    expect(backend).toBeUndefined()
    expect(notice).toContain('http://localhost:4318')
  })

  it('rejects unknown flags and invalid headers', () => {
    expect(() => readOptions(['--keeep'], {})).toThrow("Unknown option '--keeep'. It takes --jaeger")
    expect(() => readOptions(['now'], {})).toThrow('It takes --jaeger')
    expect(() => readOptions([], { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' })).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT is "localhost:4318"; it takes a URL such as http://localhost:4318.',
    )
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=100%' }
    expect(() => readOptions([], env)).toThrow(
      'OTEL_EXPORTER_OTLP_HEADERS has a value for x-key that is not percent-encoded. Write a literal % as %25.',
    )
  })
})
