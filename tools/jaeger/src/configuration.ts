import type { JaegerPorts } from './ports.ts'

/** Where Jaeger listens, and what its page is made of. */
export interface ConfigurationOptions {
  readonly host: string
  readonly ports: JaegerPorts
  /** A folder with the built page, for a Jaeger that has none of its own. */
  readonly pageFolder?: string | undefined
}

const TRACES_KEPT = 100_000

/**
 * Traces in memory, in over OTLP, out over the page; nothing else listens. JSON, which is YAML to Jaeger.
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
        // Otherwise what people look at becomes traces among those of their applications.
        enable_tracing: false,
        http: at(ports.page),
        // The query API over gRPC wants a port of its own, unless it is told that any will do.
        grpc: at(0),
        ...(pageFolder !== undefined && { ui: { assets_path: pageFolder } }),
      },
    },
    receivers: { otlp: { protocols: { grpc: at(ports.grpc), http: at(ports.http) } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'traces' } },
  })
}
