import { relative } from 'node:path'
import process from 'node:process'

import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeNoQueries } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'
import { countShapes, isShapeLike } from './count-shapes.js'
import type { Budget } from './budgets.js'

/** What a message is about. */
export interface BudgetSubject {
  readonly queries: CapturedQueries
  /** The file of budgets. */
  readonly file: string
  /** The name of the budget. */
  readonly name: string
  readonly testFile: string | undefined
}

/** What a negated assertion reports. */
export function describeWithin({ name, file }: BudgetSubject): string {
  return `Expected queries beyond the budget of ${JSON.stringify(name)} in ${file}, but they are within.`
}

export function describeNone({ queries, name, file }: BudgetSubject): string {
  return describeNoQueries(
    `Expected queries for the budget of ${JSON.stringify(name)} in ${file}`,
    queries,
    `Meant to be so? Write this entry into ${file}: ${JSON.stringify(name)}: {}`,
  )
}

export function describeMissing({ queries, name, file, testFile }: BudgetSubject): string {
  return [
    describeReport(
      `Expected a budget of ${JSON.stringify(name)}, but ${file} has none`,
      queries,
      NO_ALLOWANCES,
    ),
    `Write the budget with ${commandFor(testFile)}, and commit the file.`,
  ].join('\n')
}

export function describeExceeded(subject: BudgetSubject, budget: Budget): string {
  const { queries, name, file, testFile } = subject
  const over = [...groupQueries(queries)].filter(([shape, group]) => group.length > (budget.get(shape) ?? 0))
  const counted = over.flatMap(([, group]) => group)
  return [
    describeReport(
      `Expected the queries to stay within the budget of ${JSON.stringify(name)} in ${file}`,
      queries,
      {
        ...NO_ALLOWANCES,
        counted,
      },
    ),
    ...over.map(([shape, group]) => describeOver(shape, group.length, budget.get(shape))),
    ...describeChanged(over, budget, countShapes(queries)),
    `Meant to be so? ${commandFor(testFile)} writes the new budget.`,
  ].join('\n')
}

/** An allowance accepts a finding. It does not raise a budget. */
const NO_ALLOWANCES = { allowancesGo: '' }

type Group = readonly [CapturedQuery, ...CapturedQuery[]]

/** The queries by shape, the most frequent one first. */
function groupQueries({ queries }: CapturedQueries): ReadonlyMap<string, Group> {
  const groups = Map.groupBy(queries, ({ wording }) => wording) as Map<
    string,
    [CapturedQuery, ...CapturedQuery[]]
  >
  return new Map([...groups].toSorted(([, one], [, other]) => other.length - one.length))
}

function describeOver(shape: string, count: number, max: number | undefined): string {
  return max === undefined
    ? `Not in the budget: ${count}x ${shape}`
    : `Budget: ${max}x ${shape}, got ${count}x`
}

/** Statements that the budget has and that did not run, where others of the same operation and tables ran in their place. */
function describeChanged(
  over: readonly (readonly [string, Group])[],
  budget: Budget,
  counts: Budget,
): readonly string[] {
  return over.flatMap(([shape, [query]]) => {
    if (budget.has(shape)) return []
    const gone = [...budget].filter(([known]) => !counts.has(known) && isShapeLike(known, query))
    if (gone.length === 0) return []
    const before = gone.map(([known, max]) => `${max}x ${known}`).join(', ')
    return [`Statement changed? The budget has ${before}, which did not run; ${shape} ran instead.`]
  })
}

/** The command that runs the tests of a file and writes their budgets, as the runner of this process takes it. */
function commandFor(testFile: string | undefined): string {
  const path = testFile === undefined ? '' : ` ${relative(process.cwd(), testFile).replaceAll('\\', '/')}`
  const { VITEST, JEST_WORKER_ID } = process.env
  const command =
    VITEST !== undefined
      ? `npx vitest run${path}`
      : JEST_WORKER_ID !== undefined
        ? `npx jest${path}`
        : `node --test${path}`
  return `QUERYLENS_BUDGETS=write ${command}`
}
