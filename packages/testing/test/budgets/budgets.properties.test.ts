import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { formatBudgets, parseBudgets } from '../../src/budgets/budget-text.js'
import { isWithin, joinBudget, joinBudgets, lowerBudget, nearestWithin } from '../../src/budgets/budgets.js'

const name = fc.oneof(fc.constantFrom('a', 'b', 'a > b', '__proto__', '1'), fc.string({ unit: 'binary' }))
const budgetOf = (min: number) =>
  fc
    .dictionary(name, fc.integer({ min, max: 5 }), { maxKeys: 4 })
    .map((shapes) => new Map(Object.entries(shapes)))
const budget = budgetOf(0)
const counts = budgetOf(1)
const budgets = fc.dictionary(name, budget, { maxKeys: 4 }).map((tests) => new Map(Object.entries(tests)))

describe('joinBudgets', () => {
  it('is associative, commutative and idempotent', () => {
    fc.assert(
      fc.property(budgets, budgets, budgets, (a, b, c) => {
        const [left, right] = [joinBudgets(joinBudgets(a, b), c), joinBudgets(a, joinBudgets(b, c))]
        expect(formatBudgets(left)).toBe(formatBudgets(right))
        expect(formatBudgets(joinBudgets(a, b))).toBe(formatBudgets(joinBudgets(b, a)))
        expect(joinBudgets(a, a)).toEqual(a)
      }),
    )
  })

  it('allows what either allows', () => {
    fc.assert(
      fc.property(budget, budget, (one, other) => {
        expect(isWithin(one, joinBudget(one, other)) && isWithin(other, joinBudget(one, other))).toBe(true)
      }),
    )
  })
})

describe('lowerBudget', () => {
  it('allows no more than before, and what is needed of it', () => {
    fc.assert(
      fc.property(budget, counts, (one, needed) => {
        const lowered = lowerBudget(one, needed)
        expect(isWithin(lowered, one)).toBe(true)
        expect(lowered).toEqual(nearestWithin(needed, one))
        if (isWithin(needed, one)) expect(lowered).toEqual(needed)
      }),
    )
  })
})

describe('parseBudgets', () => {
  it('reads what formatBudgets has written of any names', () => {
    fc.assert(
      fc.property(budgets, (all) => {
        expect(parseBudgets(formatBudgets(all), 'b.json')).toEqual(all)
      }),
    )
  })
})
