import type { Allowance, Finding } from '@querylens/core'
import { acceptsFinding, checkAllowance, findingKinds } from '@querylens/core/internal'

/**
 * The allowance that accepts a finding, as code to paste: `{ callSite: 'src/app.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }`.
 *
 * @returns `undefined` if none can
 */
export function describeAllowance(finding: Finding): string | undefined {
  const allowance = allowancesFor(finding).find((each) => isValid(each) && acceptsFinding(each, finding))
  return allowance === undefined ? undefined : codeOf(allowance)
}

/** Allowances that may accept a finding, the one that says most to a reader first. */
function allowancesFor({ kind, callSite, execution, fingerprint, scope }: Finding): readonly Allowance[] {
  const rest = { kinds: [kind], reason: '…' }
  const [table] = execution?.shape.tables ?? []
  const allowances: Allowance[] = []
  if (callSite !== undefined) {
    const file = shortFile(callSite.file)
    const { function: name } = callSite
    // Without a function's name, a call site is a whole file.
    if (name !== undefined) allowances.push({ callSite: `${file}#${name}`, ...rest })
    else if (table !== undefined) allowances.push({ callSite: file, table, ...rest })
    allowances.push({ callSite: file, ...rest })
  }
  if (fingerprint !== undefined) allowances.push({ fingerprint, ...rest })
  allowances.push({ scope: scope.name, ...rest })
  return allowances
}

/** A file outside the working directory has its whole path, which is different on each machine. */
function shortFile(file: string): string {
  return file.startsWith('/') || /^[a-z][a-z\d+.-]*:/i.test(file) ? file.split('/').slice(-2).join('/') : file
}

function isValid(allowance: Allowance): boolean {
  try {
    checkAllowance('the allowance', allowance, findingKinds, 'an allowance')
    return true
  } catch {
    return false
  }
}

function codeOf(allowance: Allowance): string {
  const fields = Object.entries(allowance).map(([name, value]) => `${name}: ${valueOf(value)}`)
  return `{ ${fields.join(', ')} }`
}

/** What may not stand in a string of one line. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

function valueOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueOf).join(', ')}]`
  const text = String(value).replaceAll(/['\\]/g, '\\$&')
  return `'${text.replaceAll(/[\n\r\u2028\u2029]/g, (mark) => ESCAPES[mark] ?? '')}'`
}
