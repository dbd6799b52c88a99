import { lexicalRulesOf } from '../tokens/dialect.js'
import { factsOf, WordFact } from '../tokens/keywords.js'
import { TokenKind } from '../tokens/token-kind.js'
import type { NameMerging } from '../shape/name-merging.js'
import type { Token } from '../tree/statement-tree.js'

const PLAIN = /^[\p{L}_][\p{L}\p{N}_$?]*$/u

/** Writes a name: in lower case where case does not count, and in double quotes only where it needs them. */
export type WriteName = (token: Pick<Token, 'kind' | 'name'>) => string

/** @param merging the names that share a wording */
export function nameWriter(system: string, merging: NameMerging | undefined): WriteName {
  const { quotesKeepCase } = lexicalRulesOf(system)
  return ({ kind, name: written }) => {
    const isQuoted = kind === TokenKind.QuotedIdentifier
    const cased = isQuoted && quotesKeepCase ? written : written.toLowerCase()
    const name = merging?.has(cased) ? merging.mergePart(cased) : cased
    if (!isQuoted) return name
    const isPlain = PLAIN.test(name) && name === name.toLowerCase() && !isReserved(name)
    return isPlain ? name : `"${name}"`
  }
}

function isReserved(name: string): boolean {
  return (factsOf(name) & WordFact.Reserved) !== 0
}
