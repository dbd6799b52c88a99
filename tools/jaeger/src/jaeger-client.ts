import { decodeSpans, type JsonTraces, type ReceivedSpan } from '@querylens/tool-otlp-receiver'

/** The criteria of a search for traces. */
export interface TraceSearch {
  readonly service: string
  readonly operation?: string | undefined
  /** Attributes that one span of the trace has to have; booleans and numbers as text. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** @default one hour */
  readonly lookbackMillis?: number | undefined
  /** @default 20 */
  readonly limit?: number | undefined
}

/** A client of Jaeger's query API. */
export interface JaegerClient {
  services(): Promise<readonly string[]>
  /** The names of spans. */
  operations(service: string): Promise<readonly string[]>
  /** All spans of a trace; an empty list for an unknown trace. */
  trace(traceId: string): Promise<readonly ReceivedSpan[]>
  /** The stored trace as text, for a search for forbidden values. */
  traceText(traceId: string): Promise<string>
  /** The ids of the matching traces, the newest first. */
  search(search: TraceSearch): Promise<readonly string[]>
}

const HOUR_MILLIS = 3_600_000
const TIMEOUT_MILLIS = 10_000

/**
 * Creates a client of version 3 of the API. Before Jaeger 2.20 that version has no filter by attributes, so the client
 * searches by the API of Jaeger's page where it exists.
 *
 * @see https://www.jaegertracing.io/docs/2.13/architecture/apis/
 */
export function createJaegerClient(url: string): JaegerClient {
  const get = async (path: string, query: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const address = new URL(path, url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    return await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) })
  }
  const read = async <T>(response: Response): Promise<T> => {
    const text = await response.text()
    if (response.ok) return JSON.parse(text) as T
    throw new Error(`Jaeger returned status ${response.status} for ${response.url}: ${text.slice(0, 200)}`)
  }
  const traceText = async (traceId: string): Promise<string> => {
    const response = await get(`/api/v3/traces/${traceId}`)
    if (response.status === 404) return '{}'
    if (response.ok) return await response.text()
    return await read(response)
  }
  return {
    async services() {
      const { services } = await read<{ services: string[] | null }>(await get('/api/v3/services'))
      return services ?? []
    },
    async operations(service) {
      const response = await get('/api/v3/operations', { service })
      const { operations } = await read<{ operations: { name: string }[] | null }>(response)
      return (operations ?? []).map(({ name }) => name)
    },
    async trace(traceId) {
      const { result } = JSON.parse(await traceText(traceId)) as { result?: JsonTraces }
      return result === undefined ? [] : decodeSpans(result)
    },
    traceText,
    async search({ service, operation, tags = {}, lookbackMillis = HOUR_MILLIS, limit = 20 }) {
      const now = Date.now()
      const attributes = JSON.stringify(tags)
      const response = await get('/api/traces', {
        service,
        ...(operation !== undefined && { operation }),
        tags: attributes,
        limit: String(limit),
        start: String((now - lookbackMillis) * 1_000),
        end: String(now * 1_000),
      })
      // A Jaeger without this API returns its page for the URL.
      if (response.headers.get('content-type')?.includes('json') === true) {
        const { data } = await read<{ data: { traceID: string }[] | null }>(response)
        return (data ?? []).map(({ traceID }) => traceID)
      }
      const ofService = await get('/api/v3/traces', {
        'query.service_name': service,
        ...(operation !== undefined && { 'query.operation_name': operation }),
        'query.attributes': attributes,
        'query.num_traces': String(limit),
        'query.start_time_min': new Date(now - lookbackMillis).toISOString(),
        'query.start_time_max': new Date(now).toISOString(),
      })
      const { result } = await read<{ result?: JsonTraces }>(ofService)
      // Versions before 2.20 ignore the attributes.
      const spans = decodeSpans(result ?? {}).filter((span) => hasTags(span, tags))
      return [...new Set(spans.map(({ traceId }) => traceId))]
    },
  }
}

function hasTags({ attributes }: ReceivedSpan, tags: Readonly<Record<string, string>>): boolean {
  return Object.entries(tags).every(([name, value]) => String(attributes[name]) === value)
}
