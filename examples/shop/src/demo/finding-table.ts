import { styleText } from 'node:util'

import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'

import { plainTable, type Column } from './plain-table.ts'
import type { Trace } from './traces.ts'

/** One finding in all requests that have it, with the text of the one with the most executions. */
interface FoundFinding {
  readonly kind: string
  readonly brief: string
  readonly suggestion: string
  readonly callSite: string
  readonly count: number
  readonly requests: number
  readonly route: string
}

const COLUMNS: readonly Column[] = [
  { title: 'Finding', width: 88 },
  { title: 'Requests', width: 10, align: 'right' },
]

/** The findings of all requests, one row for each call site, the most frequent first; `undefined` without findings. */
export function findingTable(traces: readonly Trace[]): string | undefined {
  const findings = [...collect(traces).values()].toSorted((left, right) => right.requests - left.requests)
  if (findings.length === 0) return undefined
  return plainTable(
    COLUMNS,
    findings.map(({ brief, suggestion, callSite, requests, route }) => {
      const location = callSite === '' ? route : `${callSite} in ${route}`
      const headline = styleText('yellow', withoutEnd(brief, `; ${suggestion}`))
      return [`${headline}\n${suggestion}\n${styleText('dim', location)}`, String(requests)]
    }),
  )
}

function collect(traces: readonly Trace[]): Map<string, FoundFinding> {
  const findings = new Map<string, FoundFinding>()
  for (const { root } of traces) {
    for (const found of findingsOf(root)) {
      const key = `${found.kind} ${found.key}`
      const known = findings.get(key)
      const worst = known === undefined || found.count > known.count ? found : known
      findings.set(key, { ...worst, requests: (known?.requests ?? 0) + 1, route: root.name })
    }
  }
  return findings
}

/** The findings on the span of a request, which holds them as events. */
function findingsOf({ events }: ReceivedSpan): readonly (FoundFinding & { readonly key: string })[] {
  return events
    .filter(({ name }) => name === 'querylens.finding')
    .map(({ attributes }) => {
      const text = (name: string): string => String(attributes[`querylens.finding.${name}`] ?? '')
      return {
        kind: text('kind'),
        brief: text('brief'),
        suggestion: text('suggestion'),
        callSite: text('call_site'),
        count: Number(attributes['querylens.finding.count'] ?? 1),
        key: text('call_site') || text('brief'),
        requests: 1,
        route: '',
      }
    })
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}
