/** One figure of the report; `budget` is the most that `value` may be, `null` where it is only shown. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly budget: number | null
  readonly ok: boolean
}

/** Medians in nanoseconds a query, by subject, as ratios of overheads against the budgets of the design. */
export function figuresOf(medians: ReadonlyMap<string, number>): readonly Figure[] {
  const of = (name: string): number => medians.get(name) ?? Number.NaN
  const overhead = (name: string, state: string): number =>
    of(`${name}, ${state}`) - of(`bare Kysely, ${state}`)
  const ratio = (state: string, peer: string, budget: number): Figure =>
    figure(
      `overhead ${state}, over ${peer}`,
      overhead('Querylens', state) / overhead(peer, state),
      'ratio',
      budget,
    )
  return [
    ...[...medians].map(([name, value]) => figure(`query: ${name}`, value, 'ns', null)),
    ratio('recording', 'kysely-opentelemetry', 0.8),
    ratio('recording', 'hand-written span', 1.5),
    ratio('sampled out', 'kysely-opentelemetry', 0.6),
    ratio('no SDK', 'kysely-opentelemetry', 0.4),
    figure(
      'query while nobody listens, over bare Kysely',
      of('Querylens, nobody listens') / of('bare Kysely, no SDK'),
      'ratio',
      1.2,
    ),
  ]
}

function figure(name: string, value: number, unit: string, budget: number | null): Figure {
  return {
    name,
    value: Math.round(value * 1_000) / 1_000,
    unit,
    budget,
    ok: budget === null || value <= budget,
  }
}
