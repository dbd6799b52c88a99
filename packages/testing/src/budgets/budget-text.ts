import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord } from '@querylens/core/internal'

import type { Budget, Budgets } from './budgets.js'

const VERSION = 1

const HINT = 'Querylens writes such a file with QUERYLENS_BUDGETS=write.'

/**
 * The text of a file of budgets: sorted, with one line for each shape, so that a difference shows what has changed and two
 * branches that add tests can be merged.
 */
export function formatBudgets(budgets: Budgets): string {
  const tests = sorted(budgets).map(([test, budget]) => {
    const shapes = sorted(budget).map(([shape, max]) => `      ${JSON.stringify(shape)}: ${max}`)
    return `    ${JSON.stringify(test)}: ${block(shapes, '    ')}`
  })
  return `{\n  "version": ${VERSION},\n  "tests": ${block(tests, '  ')}\n}\n`
}

function block(lines: readonly string[], indent: string): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`
}

/** By code units, which are the same on every machine. */
function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
}

/**
 * Reads the text of a file of budgets.
 *
 * @param path for errors
 * @throws QuerylensError `QUERYLENS_FILE` if it is not what {@link formatBudgets} writes; the error shows nothing of the text
 *   but the names of tests and shapes
 */
export function parseBudgets(text: string, path: string): Budgets {
  const content = parseJson(text, path)
  if (!isRecord(content)) throw fileError(path, `holds ${describeValue(content)} in place of budgets`)
  const { version, tests, ...others } = content
  if (version !== VERSION) {
    const found = version === undefined ? 'no version' : `as its version ${describeValue(version)}`
    throw fileError(path, `has ${found}, but this Querylens reads version ${VERSION}`)
  }
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw fileError(path, `has the field "${unknown}", which Querylens does not know`)
  if (!isRecord(tests))
    throw fileError(path, `has to hold an object as "tests", but holds ${describeValue(tests)}`)
  return new Map(Object.entries(tests).map(([test, budget]) => [test, parseBudget(path, test, budget)]))
}

function parseBudget(path: string, test: string, budget: unknown): Budget {
  const place = `tests[${JSON.stringify(test)}]`
  if (!isRecord(budget)) {
    throw fileError(path, `has to hold an object as ${place}, but holds ${describeValue(budget)}`)
  }
  const shapes = Object.entries(budget)
  for (const [shape, max] of shapes) {
    if (Number.isSafeInteger(max) && (max as number) >= 0) continue
    throw fileError(
      path,
      `has to hold a whole number from 0 as ${place}[${JSON.stringify(shape)}], but holds ${describeValue(max)}`,
    )
  }
  return new Map(shapes as readonly [string, number][])
}

const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/m

function parseJson(text: string, path: string): unknown {
  const conflict = CONFLICT_MARKER.exec(text)
  if (conflict !== null) {
    throw fileError(
      path,
      `has a conflict marker of a merge in line ${lineOf(text, conflict.index)}`,
      'Keep the lines of both sides, or those of one side and run the tests with QUERYLENS_BUDGETS=write.',
    )
  }
  try {
    // Some editors put a byte order mark in front of the text.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    // The error of JSON.parse quotes the text, so it does not become the cause.
    const place = /\(line \d+ column \d+\)/.exec((error as Error).message)?.[0]
    throw fileError(path, `is not JSON${place === undefined ? '' : ` ${place}`}`)
  }
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** An error about a file, which Querylens then leaves as it is. */
export function fileError(
  path: string,
  problem: string,
  cure: string = HINT,
  cause?: unknown,
): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_FILE',
    `The file of budgets ${path} ${problem}. ${cure}`,
    cause === undefined ? undefined : { cause },
  )
}
