import { styleText } from 'node:util'

import { searchUrl, traceUrl } from '@querylens/tool-jaeger'
import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'

import { findingTable } from './finding-table.ts'
import { MISTAKES, mistakeTable } from './mistake-table.ts'
import type { DemoOptions } from './options.ts'
import { queryTable } from './query-table.ts'
import { durationMillis, isQuery, typicalTrace, type Trace } from './traces.ts'
import { waterfall } from './waterfall.ts'

const N_PLUS_ONE_ROUTE = 'GET /as-shipped/orders'

/** Prints the report of the demo. */
export function printReport(traces: readonly Trace[], receiver: OtlpReceiver, options: DemoOptions): void {
  const sections = [
    `${heading('Queries by total time')}\n${queryTable(traces)}`,
    oneRequest(traces),
    findings(traces),
    `${heading('Each mistake → its fix (typical request)')}\n${mistakeTable(traces)}`,
    backendLinks(traces, receiver, options),
    nextSteps(receiver, options),
  ]
  process.stdout.write(`\n${sections.filter((section) => section !== undefined).join('\n\n')}\n`)
}

function oneRequest(traces: readonly Trace[]): string | undefined {
  const trace = typicalTrace(traces, N_PLUS_ONE_ROUTE)
  if (trace === undefined) return undefined
  const queries = trace.spans.filter(isQuery).length
  const title = `One request: ${N_PLUS_ONE_ROUTE}, ${queries} queries, ${durationMillis(trace.root).toFixed(1)} ms`
  return `${heading(title)}\n${waterfall(trace)}`
}

function findings(traces: readonly Trace[]): string | undefined {
  const table = findingTable(traces)
  return table === undefined ? undefined : `${heading('Findings')}\n${table}`
}

function backendLinks(
  traces: readonly Trace[],
  { forwarder }: OtlpReceiver,
  options: DemoOptions,
): string | undefined {
  if (options.notice !== undefined) return styleText('yellow', options.notice)
  if (forwarder === undefined || options.backend === undefined) return undefined
  if (forwarder.problem !== undefined) {
    return styleText('yellow', `Some telemetry was not forwarded: ${forwarder.problem}`)
  }
  const { page } = options.backend
  const links: [what: string, url: string][] = MISTAKES.flatMap(({ what, path }) => {
    const trace = typicalTrace(traces, `GET /as-shipped${path}`)
    return trace === undefined ? [] : [[what, traceUrl(page, trace.id)]]
  })
  const service = String(traces[0]?.root.resource['service.name'])
  const nPlusOnes = searchUrl(page, { service, tags: { 'querylens.n_plus_one.detected': 'true' } })
  const severe = searchUrl(page, { service, tags: { 'querylens.finding.severity': 'high' } })
  links.push(['all N+1s of the last hour', nPlusOnes], ['all findings of high severity', severe])
  return [
    heading('These requests in Jaeger'),
    ...links.map(([what, url]) => `  ${what.padEnd(30)} ${url}`),
  ].join('\n')
}

function nextSteps({ spans, metrics, logs }: OtlpReceiver, { keep, backend }: DemoOptions): string {
  const points = metrics.reduce((sum, metric) => sum + metric.dataPoints.length, 0)
  return [
    heading('Next'),
    `  The shop exported this as OpenTelemetry data: ${spans.length} spans, ${points} metric points, ${logs.length} logs.`,
    ...(backend === undefined ? ['  See it in Jaeger:      npx pnpm@12 demo --jaeger'] : []),
    ...(keep ? [] : ['  Keep it running:       npx pnpm@12 demo --keep']),
    '  Read the shop:         examples/shop/src/mistakes, one file for each mistake and its fix',
    '  Add it to your app:    README.md, "Quick start"',
  ].join('\n')
}

function heading(text: string): string {
  return styleText('bold', text)
}
