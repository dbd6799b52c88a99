import { readFileSync, writeFileSync } from 'node:fs'

import { QuerylensError } from '../../errors.js'
import { describeValue } from '../../options.js'
import type { Finding } from '../../messages/finding.js'

/** A finding of old, known by what stays the same when code moves around it: never by a line. */
export interface BaselineEntry {
  readonly kind: string
  /** `null` for what is no single statement's fault. */
  readonly fingerprint: string | null
  /** Of the loop, or of the call; `null` where that is not known. */
  readonly file: string | null
  readonly function: string | null
  /** The scope's name, where there is no statement; otherwise `null`. */
  readonly scope: string | null
  /** For whoever reads the file. */
  readonly summary: string | null
}

/** The findings that were there before somebody began to look. */
export interface Baseline {
  readonly version: 1
  readonly findings: readonly BaselineEntry[]
}

/**
 * A baseline of findings; each once, in an order that makes for small diffs.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` for what is no collection
 */
export function createBaseline(findings: Iterable<Finding>): Baseline {
  const all: unknown = findings
  if (typeof all !== 'object' || all === null || !(Symbol.iterator in all)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `A baseline is made of findings, such as a Set of those that channels.finding has brought, but got ${describeValue(all)}.`,
    )
  }
  const entries = new Map<string, BaselineEntry>()
  for (const finding of findings) {
    const entry = entryOf(finding)
    entries.set(keyOf(entry), entry)
  }
  return { version: 1, findings: [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, e]) => e) }
}

/**
 * Writes a baseline of findings, for the option `baseline`: what is in it is not reported any more.
 *
 * @example
 * const findings = new Set<Finding>()
 * channels.finding.subscribe((finding) => findings.add(finding))
 * // … the tests, or a day of traffic …
 * writeBaseline('querylens-baseline.json', findings)
 */
export function writeBaseline(path: string, findings: Iterable<Finding>): void {
  writeFileSync(path, `${JSON.stringify(createBaseline(findings), undefined, 2)}\n`)
}

const files = new Map<string, Baseline>()

/**
 * Reads a baseline; a file once in the life of the process.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_BASELINE` for a file that cannot be read, or holds something else
 */
export function readBaseline(source: string | Baseline): Baseline {
  if (typeof source !== 'string') return checkBaseline(source, 'The option baseline')
  let baseline = files.get(source)
  if (baseline === undefined) files.set(source, (baseline = readFile(source)))
  return baseline
}

function readFile(source: string): Baseline {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(source, 'utf8'))
  } catch (cause) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_BASELINE',
      `The baseline ${source} cannot be read; writeBaseline() writes one.`,
      { cause },
    )
  }
  return checkBaseline(content, `The baseline ${source}`)
}

/** Whether a finding was there before. */
export function isInBaseline(baseline: Baseline | undefined, finding: Finding): boolean {
  if (baseline === undefined) return false
  const key = keyOf(entryOf(finding))
  return keysOf(baseline).has(key)
}

const keys = new WeakMap<Baseline, ReadonlySet<string>>()

function keysOf(baseline: Baseline): ReadonlySet<string> {
  let found = keys.get(baseline)
  if (found === undefined) keys.set(baseline, (found = new Set(baseline.findings.map(keyOf))))
  return found
}

function entryOf({ kind, fingerprint, callSite, scope, summary }: Finding): BaselineEntry {
  return {
    kind,
    fingerprint: fingerprint ?? null,
    file: callSite?.file ?? null,
    function: callSite?.function ?? null,
    scope: fingerprint === undefined ? scope.name : null,
    summary: summary ?? null,
  }
}

function keyOf({ kind, fingerprint, file, function: name, scope }: BaselineEntry): string {
  return JSON.stringify([kind, fingerprint, file, name, scope])
}

function checkBaseline(value: unknown, what: string): Baseline {
  const { version, findings } = (value ?? {}) as Partial<Baseline>
  if (version === 1 && Array.isArray(findings) && findings.every(isEntry)) return value as Baseline
  throw new QuerylensError(
    'QUERYLENS_INVALID_BASELINE',
    `${what} takes { version: 1, findings: [{ kind, fingerprint, file, function, scope, summary }] }, but got ${describeValue(value)}.`,
  )
}

function isEntry(value: unknown): boolean {
  const entry = value as Readonly<Record<string, unknown>> | null
  if (typeof entry !== 'object' || entry === null || typeof entry['kind'] !== 'string') return false
  return ['fingerprint', 'file', 'function', 'scope', 'summary'].every(
    (name) => entry[name] === null || typeof entry[name] === 'string',
  )
}
