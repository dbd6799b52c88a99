import { lexicalRulesOf } from '../tokens/dialect.js'
import { ignoreComments, TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

/** UTF-16 units. Longer texts get no key, because hashing takes time in proportion. */
const MAX_LENGTH = 20_000

const reader = new TokenReader()

/**
 * Hashes the literals of a statement. Equal literals have equal keys, whatever comments are between them.
 *
 * @param system `db.system.name`
 * @returns `undefined` for a text that is too long or cannot be read with certainty
 */
export function literalsKeyOf(sql: string, system: string): number | undefined {
  if (sql.length > MAX_LENGTH) return undefined
  let a = 0x2f0b4c47
  let b = 0x5bd1e995
  reader.begin(sql, lexicalRulesOf(system))
  for (reader.read(ignoreComments); reader.kind !== TokenKind.End; reader.read(ignoreComments)) {
    if (reader.kind === TokenKind.Unreadable) break
    if (!reader.isLiteral) continue
    for (let position = reader.start; position < reader.end; position++) {
      const code = sql.charCodeAt(position)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x5bd1e995)
      b ^= b >>> 13
    }
    // Ends the literal, so that `1, 23` differs from `12, 3`.
    a = Math.imul(a ^ 0x1ff, 0x01000193)
  }
  const isClear = reader.kind === TokenKind.End && !reader.isDoubtful
  reader.release()
  return isClear ? (a >>> 0) * 0x20_0000 + (b >>> 11) : undefined
}
