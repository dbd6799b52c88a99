import { QuerylensError } from '../../errors.js'
import type { Finding } from '../../messages/finding.js'
import { describeValue, isRecord } from '../../options.js'
import { replaceFile } from '../../replace-file.js'
import type { Allowance } from './allowance.js'
import { forgetAllowanceFiles } from './allowance-file-reader.js'
import { exactCallSite } from './allowed-call-site.js'

/**
 * Writes a file that accepts these findings, for the option `allow`: Querylens then reports new findings only. Each
 * entry matches one kind, one statement, and one function of one file, never a line. It stands once, in an order that
 * keeps diffs small.
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
  const entries = new Set(checkFindings(findings).map((finding) => JSON.stringify(allowanceFor(finding))))
  const allowances = [...entries].toSorted().map((entry) => JSON.parse(entry) as unknown)
  replaceFile(path, `${JSON.stringify(allowances, undefined, 2)}\n`)
  forgetAllowanceFiles()
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
