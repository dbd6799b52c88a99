import { QuerylensError } from '../../errors.js'
import { checkOptions, describeValue, optionRules, type OptionRule } from '../../options.js'
import { sharedState } from '../../shared-state.js'
import type { CallSite } from '../../messages/call-site.js'
import { FINDING_KINDS, type Finding, type FindingKind } from '../../messages/finding.js'

/**
 * A finding that may stay, and why. Of the conditions at least one is needed; all that are given must hold.
 */
export interface Allowance {
  /** For whoever reads the configuration. */
  readonly reason: string
  /** @default all kinds */
  readonly kinds?: readonly FindingKind[] | undefined
  /**
   * The end of a file's path, and behind a `#` a function's name: `src/report.ts`, `src/report.ts#writeReport`. Holds
   * for the line of the loop and for the call that reached the database. No line numbers: they change too easily.
   */
  readonly callSite?: string | undefined
  /** `q1:` and 16 hexadecimal digits. */
  readonly fingerprint?: string | undefined
  /** As in the statement, rather than in code that renames it; in any letter case; the schema may be left out. */
  readonly table?: string | undefined
  /** The scope's whole name, such as `nightly-report` or `GET /orders/:id`. */
  readonly scope?: string | undefined
  /** The last day on which it holds, `2027-03-31`; after that the finding is reported again. @default for good */
  readonly until?: string | undefined
}

/** An allowance and how often it was needed. */
export interface AllowanceUse {
  readonly allowance: Allowance
  /** How many findings it has kept quiet since the process began. */
  matches: number
}

/** An allowance that nothing needs, as far as this process has seen. */
export interface UnusedAllowance {
  readonly allowance: Allowance
  /** Whether its last day is over. */
  readonly expired: boolean
}

/** By what they say: a job that is configured anew each time it runs has one of each. */
const registered = sharedState('allowances/2', () => new Map<string, AllowanceUse>())
const MAX_REGISTERED = 10_000

/**
 * The allowances of all configurations in this process that have kept no finding quiet so far, and those that are
 * over: at the end of a test run or of a day, what can be removed.
 */
export function unusedAllowances(): readonly UnusedAllowance[] {
  const unused: UnusedAllowance[] = []
  for (const { allowance, matches } of registered.values()) {
    const expired = isOver(allowance)
    if (matches === 0 || expired) unused.push({ allowance, expired })
  }
  return unused
}

/** @throws QuerylensError for a rule without a reason, without a condition, or with one that can match nothing */
export function resolveAllowances(owner: string, allowances: readonly Allowance[]): readonly AllowanceUse[] {
  return allowances.map((allowance, index) => {
    const place = `allow[${index}] of ${owner}`
    checkAllowance(place, allowance)
    const key = JSON.stringify(Object.entries(allowance).toSorted())
    const known = registered.get(key)
    if (known !== undefined) return known
    const use: AllowanceUse = { allowance: Object.freeze({ ...allowance }), matches: 0 }
    if (registered.size < MAX_REGISTERED) registered.set(key, use)
    return use
  })
}

/** Whether one of the allowances covers a finding; counts it there. */
export function isAllowed(uses: readonly AllowanceUse[], finding: Finding): boolean {
  let allowed = false
  for (const use of uses) {
    if (!covers(use.allowance, finding)) continue
    use.matches++
    allowed = true
  }
  return allowed
}

function covers(allowance: Allowance, finding: Finding): boolean {
  const { kinds, callSite, fingerprint, table, scope } = allowance
  return (
    !isOver(allowance) &&
    (kinds === undefined || kinds.includes(finding.kind)) &&
    (fingerprint === undefined || fingerprint === finding.fingerprint) &&
    (scope === undefined || scope === finding.scope.name) &&
    (table === undefined || tablesOf(finding).some((name) => isTable(name, table))) &&
    (callSite === undefined ||
      [finding.callSite, finding.frames[0], ...finding.callSites].some((site) => isAt(site, callSite)))
  )
}

function tablesOf(finding: Finding): readonly string[] {
  return finding.execution?.shape.tables ?? []
}

function isTable(name: string, wanted: string): boolean {
  const [one, other] = [name, wanted].map((text) => text.replaceAll('"', '').toLowerCase())
  return one === other || (!wanted.includes('.') && one?.endsWith(`.${other}`) === true)
}

function isAt(site: CallSite | undefined, wanted: string): boolean {
  if (site === undefined) return false
  const [file = '', name] = wanted.split('#')
  const isFile = site.file === file || site.file.endsWith(`/${file}`)
  return isFile && (name === undefined || nameOf(site) === name)
}

/** Without the class: `load` for `PostRepository.load`. */
function nameOf({ function: name }: CallSite): string | undefined {
  return name?.slice(name.lastIndexOf('.') + 1)
}

function isOver({ until }: Allowance): boolean {
  return until !== undefined && Date.now() >= Date.parse(`${until}T00:00:00Z`) + 24 * 3_600_000
}

const RULES: { readonly [Name in keyof Required<Allowance>]: OptionRule } = {
  reason: optionRules.text,
  kinds: {
    takes: `one or more of ${FINDING_KINDS.join(', ')}`,
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((kind) => FINDING_KINDS.includes(kind)),
  },
  callSite: {
    describe: (value) => (typeof value === 'string' ? `'${value}'` : describeValue(value)),
    takes:
      "the end of a file's path in the application, such as 'src/report.ts' or 'src/report.ts#writeReport', without a line",
    accepts: (value) =>
      typeof value === 'string' &&
      /^(?!\.{0,2}\/)[^#\\]*\.\w+(?:#[\p{L}\p{N}_$#]+)?$/u.test(value) &&
      !/:\d+|(?:^|\/)node_modules\//.test(value),
  },
  fingerprint: {
    takes: "'q1:' and 16 hexadecimal digits",
    accepts: (value) => typeof value === 'string' && /^q1:[0-9a-f]{16}$/.test(value),
  },
  table: {
    takes: "a table's whole name, such as 'orders' or 'public.orders'",
    accepts: (value) => typeof value === 'string' && value.trim() !== '' && !/[*%]/.test(value),
  },
  scope: {
    takes: "a scope's whole name, such as 'GET /orders/:id'",
    accepts: (value) => typeof value === 'string' && value.trim() !== '',
  },
  until: {
    takes: "a day such as '2027-03-31'",
    accepts: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value),
  },
}

/** `2027-02-31` is none, though it can be read as one. */
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

const CONDITIONS = ['callSite', 'fingerprint', 'table', 'scope'] as const

/** Of which kinds a condition can be true: what is no single statement's fault has no fingerprint and no table. */
const KINDS_WITH: { readonly [Name in (typeof CONDITIONS)[number]]: (kind: FindingKind) => boolean } = {
  callSite: (kind) => kind !== 'chatty_scope',
  fingerprint: isOfStatement,
  table: isOfStatement,
  scope: () => true,
}

function isOfStatement(kind: FindingKind): boolean {
  return ['n_plus_one', 'n_plus_one_write', 'duplicate_query', 'large_result'].includes(kind)
}

function checkAllowance(place: string, allowance: Allowance): void {
  if (allowance === undefined || allowance === null) {
    throw new QuerylensError('QUERYLENS_INVALID_OPTION', `${place} is ${describeValue(allowance)}.`)
  }
  checkOptions<Allowance>(place, allowance, RULES)
  if (allowance.reason === undefined) {
    throw new QuerylensError('QUERYLENS_INVALID_OPTION', `${place} needs a reason.`)
  }
  if (CONDITIONS.every((name) => allowance[name] === undefined)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${place} needs a condition: ${CONDITIONS.join(', ')}. To allow all of a kind, switch the kind off.`,
    )
  }
  const kinds = allowance.kinds ?? FINDING_KINDS
  for (const name of CONDITIONS) {
    if (allowance[name] === undefined || kinds.some(KINDS_WITH[name])) continue
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${place} can match nothing: ${kinds.join(' and ')} have no ${name}.`,
    )
  }
}
