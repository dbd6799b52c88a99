import type { CallSite, Finding } from '@querylens/core'

import type { CapturedQuery } from '../recording/captured-query.js'
import { describeLines } from '@querylens/core/internal'
import { describeProof } from './finding-text.js'
import { describeParameters } from './parameter-text.js'

/** The executions of one statement in scopes of one name. */
export interface ShapeRow {
  readonly count: number
  /** The statement without its values. */
  readonly text: string
  readonly scopeName: string
  /** Where it is executed, with what Querylens found there; the first one is the most important. */
  readonly places: readonly Place[]
  /** The parameters in words, if the capture has kept them. */
  readonly parameters: string | undefined
  readonly findings: readonly Finding[]
}

/** A path through the code that leads to a statement. */
export interface Place {
  /** `src/books.ts:19 ← src/app.ts:39` */
  readonly lines: string
  /** `N+1, one for each row of select books`, or `''`. */
  readonly note: string
}

/**
 * Groups queries by statement and by the name of their scope, the worst first: with findings, then the most frequent, then in the
 * order in which they began. Not by duration: a failure has to look the same each time.
 */
export function shapeRowsOf(
  queries: readonly CapturedQuery[],
  findings: readonly Finding[],
  isFull: boolean,
): readonly ShapeRow[] {
  const groups = Map.groupBy(queries, ({ fingerprint, scopeName }) => `${fingerprint} ${scopeName}`)
  const rows = [...groups.values()].map((group) => rowOf(group, findings, isFull))
  return rows.toSorted(
    (one, other) =>
      Number(other.findings.length > 0) - Number(one.findings.length > 0) || other.count - one.count,
  )
}

/** `src/books.ts:19` */
export function describeLine({ file, line }: CallSite): string {
  return `${file}:${line}`
}

function rowOf(group: readonly CapturedQuery[], findings: readonly Finding[], isFull: boolean): ShapeRow {
  const [{ fingerprint, scopeName, text, summary }] = group as [CapturedQuery]
  const own = findings.filter(
    (finding) => finding.fingerprint === fingerprint && finding.scope.name === scopeName,
  )
  const outcome = describeOutcomes(group)
  const found = placesOf(own, group.length)
  const places = found.length > 0 ? found : [{ lines: linesOf(group, isFull), note: '' }]
  return {
    count: group.length,
    // Querylens cannot tell names from literals where it does not know the rules of the system.
    text: text === '' ? summary : text,
    scopeName,
    places: places.map(({ lines, note }, index) => ({
      lines,
      note: index > 0 ? note : [note, outcome].filter((part) => part !== '').join('; '),
    })),
    parameters: parametersOf(group),
    findings: own,
  }
}

/** The places of findings. Findings of several scopes that are the same in the code are one. */
function placesOf(findings: readonly Finding[], executions: number): readonly Place[] {
  const places = Map.groupBy(findings, (finding) => `${finding.kind} ${describeLines(finding, describeLine)}`)
  return [...places.values()].map((same) => {
    const [finding] = same as [Finding]
    const count = same.reduce((sum, each) => sum + each.count, 0)
    return {
      lines: describeLines(finding, describeLine),
      note: describeProof(finding, count < executions ? count : undefined),
    }
  })
}

/** The lines of most executions; of the other executions, how many other places they have. */
function linesOf(group: readonly CapturedQuery[], isFull: boolean): string {
  const counts = new Map<string, number>()
  for (const { path } of group) {
    const lines = (isFull ? path : path.slice(0, 2)).map(describeLine).join(' ← ')
    if (lines !== '') counts.set(lines, (counts.get(lines) ?? 0) + 1)
  }
  const places = [...counts].toSorted(([, one], [, other]) => other - one).map(([lines]) => lines)
  if (isFull) return places.join(', ')
  const [most = ''] = places
  const others = places.length - 1
  return others > 0 ? `${most} and ${others} other place${others === 1 ? '' : 's'}` : most
}

/** `1 refused` */
function describeOutcomes(group: readonly CapturedQuery[]): string {
  const remarkable = ['refused', 'failed', 'running'].map((wanted) => {
    const count = group.filter(({ outcome }) => outcome === wanted).length
    return count === 0 ? '' : `${count} ${wanted === 'running' ? 'not awaited' : wanted}`
  })
  return remarkable.filter((part) => part !== '').join(', ')
}

function parametersOf(group: readonly CapturedQuery[]): string | undefined {
  const sets = group.flatMap(({ parameters }) =>
    parameters === undefined || parameters.length === 0 ? [] : [parameters],
  )
  return sets.length === 0 ? undefined : describeParameters(sets)
}
