import { parseArgs } from 'node:util'

import {
  detectionSubjects,
  scopeHeapGrowth,
  subscribeToFindings,
} from '../../packages/core/bench/detection.ts'
import { heapGrowth, shapeSubjects } from '../../packages/core/bench/query-shape.ts'
import { detectionFiguresOf, figuresOf, shapeFiguresOf } from './figures.ts'
import { measureInterleaved, measureWork } from './measure.ts'
import {
  bareKysely,
  handWrittenSpan,
  peerKysely,
  querylensKysely,
  unsubscribedQuerylens,
} from './subjects.ts'

const { values: flags } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

const states = ['recording', 'sampled out', 'no SDK'] as const
const medians = await measureInterleaved([
  ...states.flatMap((state) => [bareKysely(state), querylensKysely(state), peerKysely(state)]),
  handWrittenSpan(),
  unsubscribedQuerylens(),
])
// In rounds of their own: V8 compiles the code of Kysely for the calls that it has seen.
const withSignal = await measureInterleaved(
  [bareKysely, querylensKysely, peerKysely].map((subject) => subject('recording', 'with a signal')),
)

const shapes = await measureWork(await shapeSubjects())
const unsubscribe = subscribeToFindings()
const detection = await measureWork(detectionSubjects())
const scopeGrowth = await scopeHeapGrowth()
unsubscribe()
const figures = [
  ...figuresOf(new Map([...medians, ...withSignal])),
  ...shapeFiguresOf(shapes, heapGrowth()),
  ...detectionFiguresOf(detection, scopeGrowth),
]
if (flags.json) {
  for (const figure of figures) console.log(JSON.stringify(figure))
} else {
  console.table(
    Object.fromEntries(
      figures.map(({ name, value, unit, budget, ok }) => [
        name,
        {
          value,
          unit,
          budget: budget === null ? '' : `<= ${budget}`,
          ok: budget === null ? '' : ok ? 'yes' : 'NO',
        },
      ]),
    ),
  )
}
