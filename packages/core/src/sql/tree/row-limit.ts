import type { Clause } from './statement-clauses.js'
import { isGroup, splitAtCommas, wordOf, type Item, type Token } from './statement-tree.js'

/** The number of rows that LIMIT, FETCH or TOP allows. */
export interface RowLimit {
  /** Whether it is a literal 1, or absent as in `fetch first row only`. */
  readonly isOne: boolean
  /** The index of the parameter that is the number, from 0. */
  readonly parameter: number | undefined
}

/** Reads how a query limits the number of its rows; `undefined` if it does not. */
export function limitOf(clauses: readonly Clause[]): RowLimit | undefined {
  for (const { name, items } of clauses) {
    // MySQL's `limit 20, 10` skips 20 rows.
    if (name === 'limit') return read(splitAtCommas(items).at(-1) ?? [])
    if (name === 'fetch') return read(items)
    if (name === 'select' && wordOf(items[0]) === 'top') return read(items.slice(1, 3))
  }
  return undefined
}

function read(items: readonly Item[]): RowLimit {
  const [number, ...others] = items.flatMap(tokensOf).filter(({ isConstant }) => isConstant)
  // `fetch first row only`
  if (number === undefined)
    return { isOne: items.some((item) => wordOf(item) === 'only'), parameter: undefined }
  const isAlone = others.length === 0 && !items.some((item) => /^(?:percent|ties)$/.test(wordOf(item)))
  if (!isAlone) return { isOne: false, parameter: undefined }
  return { isOne: number.text === '1', parameter: number.parameter }
}

function tokensOf(item: Item): readonly Token[] {
  return isGroup(item) ? item.items.flatMap(tokensOf) : [item]
}
