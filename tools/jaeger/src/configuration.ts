import type { JaegerPorts } from './ports.ts'

/** The addresses that Jaeger listens on, and the files of its page. */
export interface ConfigurationOptions {
  readonly host: string
  readonly ports: JaegerPorts
  /** A folder with the built page, for a Jaeger without one. */
  readonly pageFolder?: string | undefined
}

const TRACES_KEPT = 100_000

/**
 * The configuration of a Jaeger that stores traces in memory and listens only for OTLP and for its page. It is JSON, which
 * Jaeger reads as YAML.
 *
 * @see https://www.jaegertracing.io/docs/2.13/deployment/configuration/
 */
export function jaegerConfiguration({ host, ports, pageFolder }: ConfigurationOptions): string {
  const at = (port: number): { endpoint: string } => ({ endpoint: `${host}:${port}` })
  return JSON.stringify({
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      jaeger_storage: { backends: { traces: { memory: { max_traces: TRACES_KEPT } } } },
      jaeger_query: {
        storage: { traces: 'traces' },
        // Otherwise Jaeger traces its own page among the applications.
        enable_tracing: false,
        http: at(ports.page),
        // The query API over gRPC needs a port of its own; port 0 takes any.
        grpc: at(0),
        ...(pageFolder !== undefined && { ui: { assets_path: pageFolder } }),
      },
    },
    receivers: { otlp: { protocols: { grpc: at(ports.grpc), http: at(ports.http) } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'traces' } },
  })
}
