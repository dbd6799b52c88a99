import { targetOf } from '../../sdk-internals.js'
import type { SpanExporter } from './span-exporter.js'
import { originOf } from './loss-reason.js'

const HOST_AND_PORT = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d+$/i

/** Where an OTLP exporter sends spans, without credentials and path; `undefined` where that is unknown. */
export function addressOf(exporter: SpanExporter): string | undefined {
  const target = targetOf(exporter)
  if (target === undefined) return undefined
  return HOST_AND_PORT.test(target) ? target : originOf(target)
}
