import { measure } from 'mitata'

import type { Subject } from './subjects.ts'

const ROUNDS = 21
const MILLIS_PER_ROUND = 40
const QUERIES_PER_SAMPLE = 200

/**
 * Measures all subjects in each of several rounds, so that other load on the machine affects all of them, and takes the
 * median of the rounds.
 *
 * @returns nanoseconds for each query, by the subject's name
 */
export async function measureInterleaved(subjects: readonly Subject[]): Promise<ReadonlyMap<string, number>> {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    // The order alternates, so that a subject does not always run after the garbage of the same one.
    const order = round % 2 === 0 ? subjects : [...subjects].reverse()
    for (const subject of order) {
      samples.get(subject.name)?.push(await subject.run(nanosecondsOf))
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]))
}

/**
 * Measures work whose run consists of `size` steps.
 *
 * @returns nanoseconds for each step, by the name of the work
 */
export async function measureWork(
  subjects: readonly { readonly name: string; readonly size: number; run(): unknown }[],
): Promise<ReadonlyMap<string, number>> {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, size, run } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const { p50 } = await measure(run, { gc: false, min_cpu_time: MILLIS_PER_ROUND * 1e6, min_samples: 2 })
      samples.get(name)?.push(p50 / size)
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]))
}

async function nanosecondsOf(query: () => Promise<unknown>): Promise<number> {
  const sample = async (): Promise<void> => {
    for (let count = 0; count < QUERIES_PER_SAMPLE; count++) await query()
  }
  const { p50 } = await measure(sample, { gc: false, min_cpu_time: MILLIS_PER_ROUND * 1e6 })
  return p50 / QUERIES_PER_SAMPLE
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
