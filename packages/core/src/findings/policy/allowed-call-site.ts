import type { CallSite } from '../../messages/call-site.js'
import type { Finding } from '../../messages/finding.js'
import { isRecord } from '../../options.js'

/** A call site without its line, so that it stays the same when code moves. */
interface AllowedCallSite {
  readonly file: string
  /** `null` for a function without a name, and for the top level of a module. */
  readonly function: string | null
}

/** A pattern; exactly one file and function; or `null` for a finding without a call site. */
export type CallSiteCondition = string | AllowedCallSite | null

const PATTERN = /^(?!\.{0,2}\/)[^#\\]*\.\w+(?:#[\p{L}\p{N}_$#]+)?$/u
const LINE_OR_DEPENDENCY = /:\d+|(?:^|\/)node_modules\//

/** Whether a value can be the `callSite` of an allowance. */
export function isCallSiteCondition(value: unknown): value is CallSiteCondition {
  if (typeof value === 'string') return PATTERN.test(value) && !LINE_OR_DEPENDENCY.test(value)
  return value === null || isAllowedCallSite(value)
}

function isAllowedCallSite(value: unknown): value is AllowedCallSite {
  if (!isRecord(value) || Object.keys(value).toSorted().join() !== 'file,function') return false
  const { file, function: name } = value
  const isName = name === null || (typeof name === 'string' && name !== '')
  return typeof file === 'string' && file !== '' && isName
}

/**
 * Whether a finding is where the condition says. A pattern also matches the call that reached the database, and every
 * call of a duplicate. A file and function match the finding's own call site only.
 */
export function isAtCallSite(finding: Finding, condition: CallSiteCondition): boolean {
  const { callSite, callSites, frames } = finding
  if (condition === null) return callSite === undefined
  if (typeof condition === 'string') {
    return [callSite, frames[0], ...callSites].some((site) => matchesPattern(site, condition))
  }
  return callSite?.file === condition.file && (callSite.function ?? null) === condition.function
}

/** The condition that matches the call site of a finding and no other one. */
export function exactCallSite(site: CallSite | undefined): AllowedCallSite | null {
  return site === undefined ? null : { file: site.file, function: site.function ?? null }
}

function matchesPattern(site: CallSite | undefined, pattern: string): boolean {
  if (site === undefined) return false
  // The name of a private method begins with a `#` itself.
  const [, file = '', name] = /^([^#]*)(?:#(.+))?$/.exec(pattern) ?? []
  const isFile = site.file === file || site.file.endsWith(`/${file}`)
  return isFile && (name === undefined || nameOf(site) === name)
}

/** Without the class: `load` for `PostRepository.load`. */
function nameOf({ function: name }: CallSite): string | undefined {
  return name?.slice(name.lastIndexOf('.') + 1)
}
