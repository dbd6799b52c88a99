/** One figure of the report. `budget` is the maximum of `value`; `null` for a figure without a limit. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly budget: number | null
  readonly ok: boolean
}

/** The medians in nanoseconds for each query, and the ratios of overheads with their budgets. */
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
    ratio('recording, with a signal', 'kysely-opentelemetry', 1.2),
    ratio('sampled out', 'kysely-opentelemetry', 0.6),
    ratio('no SDK', 'kysely-opentelemetry', 0.4),
    figure(
      'query without subscribers, over bare Kysely',
      of('Querylens, no subscribers') / of('bare Kysely, no SDK'),
      'ratio',
      1.3,
    ),
  ]
}

/** The figures of query shapes, see `packages/core/bench/query-shape.ts`. */
export function shapeFiguresOf(medians: ReadonlyMap<string, number>, heapGrowth: number): readonly Figure[] {
  const of = (name: string): number => medians.get(name) ?? Number.NaN
  return [
    ...[...medians].map(([name, value]) => figure(name, value, 'ns', name === 'shape, cached' ? 100 : null)),
    figure(
      'shape, cached, text written anew, less the writing',
      of('shape, cached, text written anew') - of('writing a text anew'),
      'ns',
      null,
    ),
    figure(
      'shape, uncached, over the fingerprint of libpg-query',
      of('shape, uncached') / of('fingerprint of libpg-query'),
      'ratio',
      0.4,
    ),
    figure(
      'time an element in a list of 100,000, over one of 1,000',
      of('list of 100,000') / of('list of 1,000') / 100,
      'ratio',
      1.5,
    ),
    figure('heap after 1,000,000 queries, over that after 100,000', heapGrowth, 'ratio', 1.05),
  ]
}

/** The figures of the detectors, see `packages/core/bench/detection.ts`. */
export function detectionFiguresOf(
  medians: ReadonlyMap<string, number>,
  heapGrowth: number,
): readonly Figure[] {
  const of = (name: string): number => medians.get(name) ?? Number.NaN
  const added = (kind: string): number =>
    of(`step in ${kind}, detectors on`) - of(`step in ${kind}, detectors off`)
  return [
    ...[...medians].map(([name, value]) => figure(name, value, 'ns', null)),
    figure('detectors add to a query of a healthy scope', added('a healthy scope'), 'ns', null),
    figure('detectors add to a query of a loop', added('a loop over rows'), 'ns', null),
    figure(
      'time a query in a scope of 100,000, over one of 1,000',
      of('step in a scope of 100,000') / of('step in a scope of 1,000'),
      'ratio',
      1.5,
    ),
    figure(
      'time a scope among 10,000 at once, over one among 100',
      of('scope among 10,000 at once') / of('scope among 100 at once'),
      'ratio',
      2,
    ),
    figure('heap in a scope after 100,000 queries, over that after 50,000', heapGrowth, 'ratio', 1.05),
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
