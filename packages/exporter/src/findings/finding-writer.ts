import { context, type Context, type Span } from '@opentelemetry/api'
import type { Finding, FindingSeverity } from '@querylens/core'
import { clock } from '@querylens/core/internal'

import { ATTR_QUERYLENS_LINK_TYPE, EVENT_QUERYLENS_FINDING } from '../attributes.js'
import type { LogSeverity, LogWriter } from '../logs/log-writer.js'
import { codeAttributes } from '../spans/code-attributes.js'
import type { SpanWriting } from '../spans/span-writing.js'
import { eventAttributes } from './finding-attributes.js'
import { attempt, type MarkedSpan } from './marked-span.js'
import type { MarkedSpans } from './marked-spans.js'
import { spansOf, type OpenOperations } from './spans-around.js'

/** Writes findings to their spans and, with the option `findingLogs`, to the log. */
export interface FindingWriter {
  /** Takes a finding that opens. */
  open(finding: Finding): void
  /** Takes a finding with its final figures. */
  close(finding: Finding): void
}

/** What the writer keeps of a finding while it is open. */
interface OpenFinding {
  /** Milliseconds since the epoch. */
  readonly atMillis: number
  /** The query's own, and those around it. */
  readonly spans: readonly MarkedSpan[]
  readonly context: Context
}

const LOG_SEVERITIES: Readonly<Record<FindingSeverity, LogSeverity>> = {
  low: 'INFO',
  medium: 'WARN',
  high: 'ERROR',
}

/**
 * Makes a writer that marks the query which reaches the limit, and the spans around it. No span covers the repeats: it
 * would take their place on the critical path.
 */
export function createFindingWriter(
  { writing, logs }: { readonly writing: Pick<SpanWriting, 'options'>; readonly logs: LogWriter },
  marks: MarkedSpans,
  operations: OpenOperations,
): FindingWriter {
  const open = new WeakMap<Finding, OpenFinding>()
  return {
    open(finding) {
      const atMillis = timeOf(finding)
      const { query, around, context: at } = spansOf(finding, operations)
      const spans: MarkedSpan[] = []
      const add = (span: MarkedSpan, isWrittenLater: boolean): void => {
        spans.push(span)
        attempt(() => span.add(finding, atMillis, { isWrittenLater }))
      }
      if (query !== undefined) {
        attempt(() => writePlace(query, finding))
        if (query.isRecording()) add(marks.markQuery(query), true)
      }
      for (const { span, isWrittenLater } of around) add(marks.mark(span), isWrittenLater)
      open.set(finding, { atMillis, spans, context: at })
    },

    close(finding) {
      const {
        atMillis = timeOf(finding),
        spans = [],
        context: at = context.active(),
      } = open.get(finding) ?? {}
      open.delete(finding)
      for (const span of spans) attempt(() => span.write(finding))
      if (!writing.options.findingLogs) return
      const attributes = eventAttributes(finding)
      const { message: body, severity } = finding
      const event = { eventName: EVENT_QUERYLENS_FINDING, timestamp: atMillis, body, attributes, context: at }
      logs.emit(event, LOG_SEVERITIES[severity])
    },
  }
}

/** Writes where in the code the query was sent, and links to the span whose rows supplied its parameters. */
function writePlace(span: Span, { callSite, source }: Finding): void {
  if (callSite !== undefined) span.setAttributes(codeAttributes(callSite))
  const sourceSpan = source?.execution.spanContext
  if (sourceSpan === undefined) return
  // The API has it since 1.9, but spans of other libraries may not.
  span.addLink?.({ context: sourceSpan, attributes: { [ATTR_QUERYLENS_LINK_TYPE]: 'n_plus_one.source' } })
}

/** When a finding opened, by the clock of its query or transaction. */
function timeOf({ execution, transaction }: Finding): number {
  const operation = execution ?? transaction
  return operation === undefined
    ? clock.wallMillis()
    : operation.startTimeMillis + (operation.durationMillis ?? 0)
}
