/**
 * A 64-bit hash in two 32-bit lanes, because JavaScript multiplies 32 bits at a time at full speed and 64
 * bits only as a `bigint`. Not cryptographic: it tells statements apart, it does not defend against somebody
 * who wants two of them to look alike.
 */

export const WORD_SEED_A = 0x2f0b4c47
export const WORD_SEED_B = 0x5bd1e995
/** Odd, so that no bit of the state is lost; the multipliers of FNV-1a and of MurmurHash2. */
export const WORD_PRIME_A = 0x01000193
export const WORD_PRIME_B = 0x5bd1e995

/** Both lanes of any constant: a literal or a parameter. */
export const CONSTANT_LANE = 0x436f6e73

/** Sets punctuation apart from names. */
export const PUNCTUATION_LANE = 0x50756e63

/** The running hash of a sequence of tokens. */
export class TokenHash {
  a: number = 0
  b: number = 0

  /** Starts anew; different seeds give unrelated hashes. */
  reset(seed: number): void {
    this.a = 0x9e3779b9 ^ seed
    this.b = 0x85ebca6b ^ seed
  }

  /** Appends one token by its own two lanes; for a given token a bijection of the state. */
  add(a: number, b: number): void {
    const x = this.a ^ a
    const y = this.b ^ b
    this.a = Math.imul((x << 15) | (x >>> 17), 0x2c1b3c6d)
    this.b = Math.imul(((y << 13) | (y >>> 19)) + this.a, 0x297a2d39)
  }

  /** The 16 hexadecimal digits of the state. */
  toString(): string {
    let { a, b } = this
    // The finaliser of MurmurHash3 on each lane, each fed from the other.
    a ^= b >>> 16
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
    b = Math.imul(b ^ a ^ (b >>> 13), 0xc2b2ae35)
    a = Math.imul(a ^ (b >>> 15), 0x27d4eb2f)
    b ^= a >>> 16
    return hex(a) + hex(b)
  }
}

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Several times as fast as `toString(16)` with its padding, and most of what a short statement costs. */
function hex(lane: number): string {
  return String.fromCharCode(
    DIGITS[lane >>> 28]!,
    DIGITS[(lane >>> 24) & 15]!,
    DIGITS[(lane >>> 20) & 15]!,
    DIGITS[(lane >>> 16) & 15]!,
    DIGITS[(lane >>> 12) & 15]!,
    DIGITS[(lane >>> 8) & 15]!,
    DIGITS[(lane >>> 4) & 15]!,
    DIGITS[lane & 15]!,
  )
}
