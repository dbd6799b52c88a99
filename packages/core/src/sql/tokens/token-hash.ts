/**
 * A 64-bit hash in two lanes of 32 bits: JavaScript multiplies 32 bits fast, and 64 bits only as a `bigint`.
 *
 * The hash is not cryptographic. It tells statements apart; it does not withstand an attacker who searches for two
 * statements with the same hash.
 */

export const WORD_SEED_A = 0x2f0b4c47
export const WORD_SEED_B = 0x5bd1e995
/** The multipliers of FNV-1a and MurmurHash2. They are odd, so multiplication loses no bit of the state. */
export const WORD_PRIME_A = 0x01000193
export const WORD_PRIME_B = 0x5bd1e995

/** Both lanes of every constant, which is a literal or a parameter. */
export const CONSTANT_LANE = 0x436f6e73

/** Makes the hash of punctuation differ from that of a name. */
export const PUNCTUATION_LANE = 0x50756e63

/** Makes the hash of a state differ from that of a token. */
const STATE = 0x53746174

/** The running hash of a sequence of tokens. */
export class TokenHash {
  a: number = 0
  b: number = 0

  /** Begins a sequence. Different seeds give unrelated hashes. */
  reset(seed: number): void {
    this.a = 0x9e3779b9 ^ seed
    this.b = 0x85ebca6b ^ seed
  }

  /** Appends a token by its two lanes. The same token maps different states to different states. */
  add(a: number, b: number): void {
    const x = this.a ^ a
    const y = this.b ^ b
    this.a = Math.imul((x << 15) | (x >>> 17), 0x2c1b3c6d)
    this.b = Math.imul(((y << 13) | (y >>> 19)) + this.a, 0x297a2d39)
  }

  /** Appends another state. Unlike a token it may be related to this one, so that it is scrambled first. */
  addState(a: number, b: number): void {
    this.add(Math.imul(a ^ STATE, 0x85ebca6b) ^ (a >>> 15), Math.imul(b ^ STATE, 0xc2b2ae35) ^ (b >>> 13))
  }

  /** @returns the state as 16 hexadecimal digits */
  toString(): string {
    let { a, b } = this
    // The finaliser of MurmurHash3 for each lane, mixed with the other lane.
    a ^= b >>> 16
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
    b = Math.imul(b ^ a ^ (b >>> 13), 0xc2b2ae35)
    a = Math.imul(a ^ (b >>> 15), 0x27d4eb2f)
    b ^= a >>> 16
    return hex(a) + hex(b)
  }
}

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** A short statement spends most of its time here: this is several times as fast as `toString(16)` and padding. */
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
