import { isRegExp } from 'node:util/types'

/** The parts of names that do not count, see the option `mergeNames` of `analyzeQuery`. */
export type MergeNames = boolean | RegExp

const PART = /"(?:[^"]|"")*"|[^\s."]+/g
/** A name that needs its quotes. The others have lost them, see `displayName`. */
const QUOTED = /^(?:".*"|`.*`|\[.*\])$/s
/** Operations of a summary, such as `create index`, consist of letters only. */
const OPERATION = /^[a-z]+$/i

interface StatementNames {
  readonly tables: readonly string[]
  readonly summary: string
}

/** Replaces the parts of names that do not count, in one statement. */
export class NameMerging {
  readonly #pattern: RegExp
  /** The parts of the names of the statement, in lower case. They occur as qualifiers of columns, too. */
  readonly #parts: ReadonlySet<string>

  /** @param names of the statement as it is. The summary has those of functions and other objects as well */
  constructor(option: MergeNames, { tables, summary }: StatementNames) {
    this.#pattern = patternOf(option)
    const others = summary.split(' ').filter((word) => !OPERATION.test(word))
    const parts = [...tables, ...others].flatMap((name) => name.match(PART) ?? [])
    this.#parts = new Set(parts.map((part) => part.toLowerCase()))
  }

  /** Whether a name is a part of the name of a table, a schema, or another object of the summary. */
  has(part: string): boolean {
    return this.#parts.has(part.toLowerCase())
  }

  /** @param part a name without a schema. Its quotes are no part of what the pattern sees */
  mergePart(part: string): string {
    if (!QUOTED.test(part)) return part.replace(this.#pattern, '?')
    return part[0] + part.slice(1, -1).replace(this.#pattern, '?') + part.at(-1)
  }

  /** @param names one name with its schema, or a summary */
  merge(names: string): string {
    return names.replace(PART, (part) => (this.has(part) ? this.mergePart(part) : part))
  }
}

/** Whether a value is a valid option `mergeNames`, of this realm or another one. */
export function isMergeNames(value: unknown): value is MergeNames {
  return typeof value === 'boolean' || isRegExp(value)
}

/** The name of the option for keys of caches; `undefined` where everything counts. */
export function nameOfMerging(option: MergeNames | undefined): string | undefined {
  if (option === undefined || option === false) return undefined
  return option === true ? 'mergeNames' : `mergeNames: ${patternOf(option)}`
}

/** Finds all matches, in names of any case: most names are folded to lower case. */
function patternOf(option: MergeNames): RegExp {
  if (typeof option === 'boolean') return /\d+/g
  return new RegExp(option.source, `gi${option.unicode ? 'u' : ''}${option.unicodeSets ? 'v' : ''}`)
}
