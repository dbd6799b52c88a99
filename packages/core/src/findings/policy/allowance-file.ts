import { readFileSync, writeFileSync } from 'node:fs'

import { QuerylensError } from '../../errors.js'
import type { CallSite } from '../../messages/call-site.js'
import type { Finding } from '../../messages/finding.js'
import { describeValue } from '../../options.js'
import { isCallSitePattern, type Allowance } from './allowance.js'

const files = new Map<string, readonly Allowance[]>()

/**
 * Reads a JSON file of allowances, once in the life of the process.
 *
 * @param optionName the option that names the file, such as `allow[0] of querylens()`
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for a file that is missing, is no JSON, or holds no list
 */
export function readAllowanceFile(optionName: string, path: string): readonly Allowance[] {
  let allowances = files.get(path)
  if (allowances === undefined) files.set(path, (allowances = readList(optionName, path)))
  return allowances
}

function readList(optionName: string, path: string): readonly Allowance[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${optionName} names the file ${path}, which cannot be read as JSON. writeBaseline(path, findings) writes one.`,
      { cause },
    )
  }
  if (Array.isArray(content)) return content as readonly Allowance[]
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `${optionName} names the file ${path}, which has to hold a list of allowances, but holds ${describeValue(content)}.`,
  )
}

/**
 * Writes a file that accepts these findings, for the option `allow`: Querylens then reports new findings only. Each
 * entry matches by statement, file and function, never by a line, and stands once, in an order that keeps diffs small.
 *
 * @param path relative to the working directory of the process
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `findings` is no collection; the error of the file system if
 *   the file cannot be written
 *
 * @example
 * const findings = new Set<Finding>()
 * channels.finding.subscribe((finding) => findings.add(finding))
 * // … the tests, or a day of traffic …
 * writeBaseline('querylens-baseline.json', findings)
 */
export function writeBaseline(path: string, findings: Iterable<Finding>): void {
  const all: unknown = findings
  if (typeof all !== 'object' || all === null || !(Symbol.iterator in all)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `writeBaseline(path, findings) takes a collection of findings, such as a Set of those from channels.finding, but got ${describeValue(all)}.`,
    )
  }
  const entries = new Set([...findings].map((finding) => JSON.stringify(allowanceFor(finding))))
  const allowances = [...entries].toSorted().map((entry) => JSON.parse(entry) as unknown)
  writeFileSync(path, `${JSON.stringify(allowances, undefined, 2)}\n`)
}

/** The allowance for a finding, with the fields that stay the same when its code moves. */
function allowanceFor({ kind, fingerprint, callSite, scope, summary }: Finding): Allowance {
  const at = callSite === undefined ? undefined : patternOf(callSite)
  return {
    kinds: [kind],
    ...(fingerprint !== undefined && { fingerprint }),
    ...(at !== undefined && { callSite: at }),
    ...(fingerprint === undefined && { scope: scope.name }),
    reason: `baseline: ${summary ?? scope.name}`,
  }
}

function patternOf({ file, function: name }: CallSite): string | undefined {
  const relative = file.replace(/^(?:\.{0,2}\/)+/, '')
  const pattern = name === undefined ? relative : `${relative}#${name}`
  return isCallSitePattern(pattern) ? pattern : undefined
}
