import { QuerylensError } from '../../errors.js'
import type { Finding } from '../../messages/finding.js'
import { describeValue, isRecord } from '../../options.js'
import { replaceFile } from '../../replace-file.js'
import type { Allowance } from './allowance.js'
import { fromFileAt, inFileAt } from './allowance-paths.js'
import { forgetAllowanceFiles, parseList } from './allowance-file-reader.js'
import { exactCallSite } from './allowed-call-site.js'

/**
 * Writes a file that accepts these findings, for the option `allow`: Querylens then reports new findings only. Each
 * entry matches one kind, one statement, and one function of one file, never a line. It stands once, in an order that
 * keeps diffs small. The paths of code begin at the folder of the file.
 *
 * The file is replaced as a whole: a process that reads it gets the old or the new list.
 *
 * @param path relative to the working directory of the process
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `path` is no string or empty, or `findings` is no collection
 *   of findings; the error of the file system if the file cannot be written
 *
 * @example
 * const findings = new Set<Finding>()
 * channels.finding.subscribe((finding) => findings.add(finding))
 * // … the tests, or a day of traffic …
 * writeBaseline('querylens-baseline.json', findings)
 */
export function writeBaseline(path: string, findings: Iterable<Finding>): void {
  checkPath(path)
  replaceFile(path, formatBaseline(path, [], checkFindings(findings)))
  forgetAllowanceFiles()
}

/**
 * The text of a baseline that also accepts these findings. Its other entries stay as they are, with their reasons.
 *
 * @param text of the file; `undefined` if there is none
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` if the text is no JSON, or no list
 */
export function extendBaseline(path: string, text: string | undefined, findings: readonly Finding[]): string {
  const known = text === undefined ? [] : parseList(`The baseline ${path}`, text)
  return formatBaseline(path, known, findings)
}

function formatBaseline(path: string, known: readonly Allowance[], findings: readonly Finding[]): string {
  const allowances = [
    ...known.map((allowance) => fromFileAt(path, allowance)),
    ...findings.map(allowanceFor),
  ].map((allowance) => inFileAt(path, allowance))
  // The first of several is the one whose reason a person may have written.
  const entries = new Map(allowances.toReversed().map((allowance) => [conditionsOf(allowance), allowance]))
  const sorted = [...entries.values()].map((entry) => JSON.stringify(entry)).toSorted()
  return `${JSON.stringify(
    sorted.map((entry) => JSON.parse(entry) as unknown),
    undefined,
    2,
  )}\n`
}

/** An allowance without its reason, with its fields in the order of their names. */
function conditionsOf(allowance: Allowance): string {
  const conditions = Object.entries(allowance).filter(([name]) => name !== 'reason')
  return JSON.stringify(conditions.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** The allowance for a finding, with the fields that stay the same when its code moves. */
function allowanceFor({ kind, fingerprint, callSite, scope, summary }: Finding): Allowance {
  return {
    kinds: [kind],
    ...(fingerprint === undefined ? { scope: scope.name } : { fingerprint }),
    callSite: exactCallSite(callSite),
    reason: `baseline: ${summary ?? scope.name}`,
  }
}

function checkPath(path: unknown): void {
  if (typeof path === 'string' && path !== '') return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `writeBaseline(path, findings) takes the path of a file, but got ${describeValue(path)}.`,
  )
}

function checkFindings(findings: unknown): readonly Finding[] {
  if (typeof findings !== 'object' || findings === null || !(Symbol.iterator in findings)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `writeBaseline(path, findings) takes a collection of findings, such as a Set of those from channels.finding, but got ${describeValue(findings)}.`,
    )
  }
  const all = [...(findings as Iterable<unknown>)]
  const wrong = all.findIndex((finding) => !isFinding(finding))
  if (wrong === -1) return all as readonly Finding[]
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `writeBaseline(path, findings) takes findings, such as those from channels.finding, but number ${wrong + 1} of them is ${describeValue(all[wrong])}.`,
  )
}

function isFinding(value: unknown): value is Finding {
  return isRecord(value) && typeof value['kind'] === 'string' && isRecord(value['scope'])
}
