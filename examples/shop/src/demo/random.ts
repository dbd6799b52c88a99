/** A random generator that repeats its numbers in each run. */
export interface Random {
  /** @returns an integer from 1 to `max` */
  (max: number): number
  oneOf<T>(values: readonly T[]): T
  shuffled<T>(values: readonly T[]): T[]
}

/** Mulberry32. Its 32 bits of state suffice for some hundred requests. */
export function createRandom(seed: number): Random {
  let state = seed
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const random = (max: number): number => 1 + Math.floor(fraction() * max)
  return Object.assign(random, {
    oneOf: <T>(values: readonly T[]): T => {
      const value = values[random(values.length) - 1]
      if (value === undefined) throw new Error('oneOf() needs at least one value.')
      return value
    },
    shuffled: <T>(values: readonly T[]): T[] =>
      values
        .map((value) => ({ value, key: fraction() }))
        .toSorted((left, right) => left.key - right.key)
        .map(({ value }) => value),
  })
}
