import { decodeAttributes, decodeNanos, type Attributes, type JsonKeyValue } from './attributes.ts'
import { decodeOrigin, type JsonResource, type JsonScoped, type Origin } from './resource.ts'

const TEMPORALITIES = ['unspecified', 'delta', 'cumulative'] as const

/** One metric of one export with its resource and scope. */
export interface ReceivedMetric extends Origin {
  readonly name: string
  readonly unit: string
  readonly description: string
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary' | 'unknown'
  readonly temporality: (typeof TEMPORALITIES)[number] | undefined
  /** Only for sums. */
  readonly monotonic: boolean | undefined
  readonly dataPoints: readonly ReceivedDataPoint[]
}

/** A data point of any type of metric. Fields that a type lacks are undefined. */
export interface ReceivedDataPoint {
  readonly attributes: Attributes
  readonly startTime: bigint
  readonly time: bigint
  /** For gauges and sums. */
  readonly value: number | undefined
  /** For histograms and summaries, like the fields below. */
  readonly count: number | undefined
  readonly sum: number | undefined
  readonly min: number | undefined
  readonly max: number | undefined
  readonly bucketCounts: readonly number[] | undefined
  readonly explicitBounds: readonly number[] | undefined
}

/** `ExportMetricsServiceRequest` in its JSON form. */
export interface JsonMetrics {
  readonly resourceMetrics?: readonly {
    readonly resource?: JsonResource
    readonly scopeMetrics?: readonly (JsonScoped & { readonly metrics?: readonly JsonMetric[] })[]
  }[]
}

interface JsonData {
  readonly aggregationTemporality?: number
  readonly isMonotonic?: boolean
  readonly dataPoints?: readonly JsonDataPoint[]
}

interface JsonMetric {
  readonly name: string
  readonly unit?: string
  readonly description?: string
  readonly gauge?: JsonData
  readonly sum?: JsonData
  readonly histogram?: JsonData
  readonly exponentialHistogram?: JsonData
  readonly summary?: JsonData
}

interface JsonDataPoint {
  readonly attributes?: readonly JsonKeyValue[]
  readonly startTimeUnixNano?: string | number
  readonly timeUnixNano?: string | number
  readonly asInt?: string | number
  readonly asDouble?: number
  readonly count?: string | number
  readonly sum?: number
  readonly min?: number
  readonly max?: number
  readonly bucketCounts?: readonly (string | number)[]
  readonly explicitBounds?: readonly number[]
}

/** All metrics of one request, in order. */
export function decodeMetrics(body: JsonMetrics): ReceivedMetric[] {
  return (body.resourceMetrics ?? []).flatMap(({ resource, scopeMetrics }) =>
    (scopeMetrics ?? []).flatMap((scoped) => {
      const origin = decodeOrigin(resource, scoped)
      return (scoped.metrics ?? []).map((metric) => decodeMetric(metric, origin))
    }),
  )
}

function decodeMetric(metric: JsonMetric, origin: Origin): ReceivedMetric {
  const types = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const
  const type = types.find((candidate) => metric[candidate] !== undefined)
  const data = type && metric[type]
  return {
    ...origin,
    name: metric.name,
    unit: metric.unit ?? '',
    description: metric.description ?? '',
    type: type ?? 'unknown',
    temporality: TEMPORALITIES[data?.aggregationTemporality ?? -1],
    monotonic: data?.isMonotonic,
    dataPoints: (data?.dataPoints ?? []).map(decodeDataPoint),
  }
}

function decodeDataPoint(point: JsonDataPoint): ReceivedDataPoint {
  return {
    attributes: decodeAttributes(point.attributes),
    startTime: decodeNanos(point.startTimeUnixNano),
    time: decodeNanos(point.timeUnixNano),
    value: toNumber(point.asInt ?? point.asDouble),
    count: toNumber(point.count),
    sum: point.sum,
    min: point.min,
    max: point.max,
    bucketCounts: point.bucketCounts?.map(Number),
    explicitBounds: point.explicitBounds,
  }
}

function toNumber(value: string | number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
