import { styleText } from 'node:util'

import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'

import { durationMillis, type Trace } from './traces.ts'

/** A line of the drawing: a span, or several equal spans in sequence. */
interface Line {
  readonly label: string
  readonly start: bigint
  readonly end: bigint
  readonly millis: number
}

const LABEL_WIDTH = 44
const BAR_WIDTH = 32
/** Number of spans that are drawn of a longer run of equal siblings. */
const SHOWN_OF_RUN = 3

/** Draws one request as a tree of spans over time. */
export function waterfall({ root, spans }: Trace): string {
  const children = new Map<string, ReceivedSpan[]>()
  for (const span of spans) {
    if (span.parentSpanId === undefined) continue
    const siblings = children.get(span.parentSpanId)
    if (siblings === undefined) children.set(span.parentSpanId, [span])
    else siblings.push(span)
  }
  const lines: Line[] = []
  const add = (span: ReceivedSpan, label: string, indent: string): void => {
    lines.push({ label, start: span.startTime, end: span.endTime, millis: durationMillis(span) })
    const runs = runsOf(children.get(span.spanId) ?? [], children)
    runs.forEach((run, index) => {
      const last = index === runs.length - 1
      const [first] = run
      if (first === undefined) return
      const shown = run.length > SHOWN_OF_RUN + 1 ? run.slice(0, SHOWN_OF_RUN) : run
      const folded = run.slice(shown.length)
      shown.forEach((child, position) => {
        const end = last && folded.length === 0 && position === shown.length - 1
        add(child, `${indent}${end ? '└─' : '├─'} ${child.name}`, `${indent}${end ? '   ' : '│  '}`)
      })
      const final = folded.at(-1)
      if (folded[0] !== undefined && final !== undefined) {
        lines.push({
          label: `${indent}${last ? '└─' : '├─'} … ${folded.length} more of the same`,
          start: folded[0].startTime,
          end: final.endTime,
          millis: folded.reduce((sum, child) => sum + durationMillis(child), 0),
        })
      }
    })
  }
  add(root, root.name, '')
  const head = ` ${'Span'.padEnd(LABEL_WIDTH)} ${'Start'.padStart(8)} ${'ms'.padStart(8)}`
  return [styleText('bold', head), ...lines.map((line) => draw(line, root))].join('\n')
}

/** Splits a list of siblings where the name changes, and around spans with children. */
function runsOf(
  siblings: readonly ReceivedSpan[],
  children: ReadonlyMap<string, readonly ReceivedSpan[]>,
): ReceivedSpan[][] {
  const runs: ReceivedSpan[][] = []
  for (const span of siblings) {
    const run = runs.at(-1)
    const before = run?.at(-1)
    const same = before?.name === span.name && !children.has(before.spanId) && !children.has(span.spanId)
    if (run !== undefined && same) run.push(span)
    else runs.push([span])
  }
  return runs
}

function draw({ label, start, end, millis }: Line, root: ReceivedSpan): string {
  const whole = Math.max(1, Number(root.endTime - root.startTime))
  const at = (time: bigint): number => (BAR_WIDTH * Number(time - root.startTime)) / whole
  const from = Math.min(BAR_WIDTH - 1, Math.max(0, Math.floor(at(start))))
  const length = Math.max(1, Math.min(BAR_WIDTH - from, Math.round(at(end) - from)))
  const bar = styleText('cyan', (end - start > 0n ? '█' : '▏').repeat(length))
  const name = label.length > LABEL_WIDTH ? `${label.slice(0, LABEL_WIDTH - 1)}…` : label.padEnd(LABEL_WIDTH)
  const offset = (Number(start - root.startTime) / 1e6).toFixed(2)
  return ` ${name} ${offset.padStart(8)} ${millis.toFixed(2).padStart(8)} ${' '.repeat(from)}${bar}`
}
