/** How often each shape of a statement may run, by shape. A shape that it does not hold may not run. */
export type Budget = ReadonlyMap<string, number>

/** The budgets of tests, by the name of the test. */
export type Budgets = ReadonlyMap<string, Budget>

/** The budget that allows what either of two allows: of each shape the larger number. */
export function joinBudget(one: Budget, other: Budget): Budget {
  const joined = new Map(one)
  for (const [shape, max] of other) joined.set(shape, Math.max(max, joined.get(shape) ?? 0))
  return joined
}

/** All tests of two files. A test that both hold gets what either of them allows. */
export function joinBudgets(one: Budgets, other: Budgets): Budgets {
  const joined = new Map(one)
  for (const [test, budget] of other) {
    const known = joined.get(test)
    joined.set(test, known === undefined ? budget : joinBudget(known, budget))
  }
  return joined
}

/**
 * Merges files that began as the same one. A number that a part has changed wins over one that it has left as it was, so that
 * what one shard has lowered stays low; of several changed ones the largest wins. A test that the base does not hold gets what
 * any part allows.
 */
export function mergeChanges(base: Budgets, parts: readonly Budgets[]): Budgets {
  const merged = new Map(parts.reduce(joinBudgets, base))
  for (const [test, budget] of base) {
    const changed = parts.flatMap((part) => part.get(test) ?? [])
    const shapes = new Set([budget, ...changed].flatMap((each) => [...each.keys()]))
    const counts = [...shapes].map((shape) => {
      const before = budget.get(shape) ?? 0
      const others = changed.map((each) => each.get(shape) ?? 0).filter((count) => count !== before)
      return [shape, others.length === 0 ? before : Math.max(...others)] as const
    })
    merged.set(test, new Map(counts.filter(([, count]) => count > 0)))
  }
  return merged
}

/** A budget without what is not needed: of each shape what runs, but not more than it allows. */
export function lowerBudget(budget: Budget, needed: Budget): Budget {
  const lowered = new Map<string, number>()
  for (const [shape, max] of budget) {
    const count = Math.min(max, needed.get(shape) ?? 0)
    if (count > 0) lowered.set(shape, count)
  }
  return lowered
}

export function isSameBudget(one: Budget, other: Budget): boolean {
  return one.size === other.size && [...one].every(([shape, max]) => other.get(shape) === max)
}

export function isWithin(counts: Budget, budget: Budget): boolean {
  return [...counts].every(([shape, count]) => count <= (budget.get(shape) ?? 0))
}

/** What would have been within a budget and differs least, for the diff of a test runner. */
export function nearestWithin(counts: Budget, budget: Budget): Budget {
  const within = [...counts].map(
    ([shape, count]) => [shape, Math.min(count, budget.get(shape) ?? 0)] as const,
  )
  return new Map(within.filter(([, count]) => count > 0))
}
