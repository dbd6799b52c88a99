import { clock } from '../../clock.js'
import { QuerylensError } from '../../errors.js'
import type { Finding, FindingKind } from '../../messages/finding.js'
import { checkOptions, describeValue, isRecord, type OptionRule } from '../../options.js'
import { isAtCallSite, isCallSiteCondition, type CallSiteCondition } from './allowed-call-site.js'

/**
 * Accepts findings, and says why. It needs at least one condition besides `kinds`; all conditions that are given must
 * hold.
 */
export interface Allowance {
  /** Why the finding is acceptable, for people who read the configuration. */
  readonly reason: string
  /** The kinds of findings that it accepts. @default all kinds */
  readonly kinds?: readonly FindingKind[] | undefined
  /**
   * A string is the end of a file's path and, behind a `#`, a function's name: `src/report.ts`,
   * `src/report.ts#writeReport`. It matches the line of the loop and the call that reached the database. An object such as
   * `{ file: 'src/report.ts', function: 'writeReport' }` matches the same file and function of the finding's own
   * `callSite` only; `function: null` stands for a function without a name. `null` matches a finding without a call
   * site, and needs another condition beside it. There are no line numbers: they change too easily.
   */
  readonly callSite?: CallSiteCondition | undefined
  /** The statement's fingerprint: `q1:` and 16 hexadecimal digits. */
  readonly fingerprint?: string | undefined
  /** A table of the statement, as the database calls it, in any letter case; the schema may be left out. */
  readonly table?: string | undefined
  /** The scope's whole name, such as `nightly-report` or `GET /orders/:id`. */
  readonly scope?: string | undefined
  /**
   * The last day on which it holds, `2027-03-31`; from the next day on the finding is reported again. It is a day of the real
   * calendar in UTC, also where a test fakes `Date`.
   *
   * @default none
   */
  readonly until?: string | undefined
}

/** The conditions of an allowance that say which findings of a kind it accepts. */
export type AllowanceCondition = 'callSite' | 'fingerprint' | 'table' | 'scope'

const CONDITIONS: readonly AllowanceCondition[] = ['callSite', 'fingerprint', 'table', 'scope']

/** The part of a kind that allowances need. */
export interface AllowedKind {
  readonly kind: FindingKind
  /** The conditions that can hold for a finding of this kind. */
  readonly conditions: readonly AllowanceCondition[]
}

/** Whether an allowance accepts a finding today. */
export function accepts(allowance: Allowance, finding: Finding): boolean {
  const { kinds, callSite, fingerprint, table, scope } = allowance
  return (
    !isExpired(allowance) &&
    (kinds === undefined || kinds.includes(finding.kind)) &&
    (fingerprint === undefined || fingerprint === finding.fingerprint) &&
    (scope === undefined || scope === finding.scope.name) &&
    (table === undefined || tablesOf(finding).some((name) => isTable(name, table))) &&
    (callSite === undefined || isAtCallSite(finding, callSite))
  )
}

/** Whether the last day of an allowance is over. */
export function isExpired({ until }: Allowance): boolean {
  return until !== undefined && clock.wallMillis() >= Date.parse(`${until}T00:00:00Z`) + 24 * 3_600_000
}

/**
 * @param optionName the option that holds it, such as `detect.allow[0] of querylens()`, or its place in a file, such as `baseline.json[0]`
 * @param mayBe the values that may stand there, in words
 * @throws QuerylensError for a value that is no object; for an allowance without a reason, without a condition, or with
 *   one that can never match
 */
export function checkAllowance(
  optionName: string,
  allowance: Allowance,
  known: readonly AllowedKind[],
  mayBe: string,
): void {
  if (!isRecord(allowance)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${optionName} has to be ${mayBe}, but is ${describeValue(allowance)}.`,
    )
  }
  checkOptions<Allowance>(optionName, allowance, rulesFor(known))
  if (allowance.reason === undefined) {
    throw new QuerylensError('QUERYLENS_INVALID_OPTION', `${optionName} needs a reason.`)
  }
  const given = CONDITIONS.filter((name) => allowance[name] !== undefined && allowance[name] !== null)
  if (given.length === 0) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${optionName} needs a condition: ${CONDITIONS.join(', ')}. To accept all findings of a kind, switch the kind off.`,
    )
  }
  const kinds = known.filter(({ kind }) => allowance.kinds?.includes(kind) ?? true)
  for (const name of given) {
    if (kinds.some(({ conditions }) => conditions.includes(name))) continue
    const names = kinds.map(({ kind }) => kind).join(' and ')
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${optionName} can never match: ${names} findings have no ${name}.`,
    )
  }
}

function rulesFor(known: readonly AllowedKind[]): {
  readonly [Name in keyof Required<Allowance>]: OptionRule
} {
  const kinds = known.map(({ kind }) => kind)
  return {
    reason: { takes: 'a sentence', accepts: (value) => typeof value === 'string' && value.trim() !== '' },
    kinds: {
      takes: `a list with one or more of ${kinds.join(', ')}`,
      accepts: (value) =>
        Array.isArray(value) && value.length > 0 && value.every((kind) => kinds.includes(kind)),
    },
    callSite: {
      takes:
        "the end of a file's path in the application, such as 'src/report.ts' or 'src/report.ts#writeReport', without a line; an object with exactly file and function; or null",
      accepts: isCallSiteCondition,
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
}

/** `2027-02-31` is no day, though `Date` reads it as one. */
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

function tablesOf(finding: Finding): readonly string[] {
  return finding.execution?.shape.tables ?? []
}

/** Whether the name of a table in a statement is the wanted one, in any letter case; the wanted one may leave the schema out. */
export function isTable(name: string, wanted: string): boolean {
  const [one, other] = [name, wanted].map((text) => text.replaceAll('"', '').toLowerCase())
  return one === other || (!wanted.includes('.') && one?.endsWith(`.${other}`) === true)
}
