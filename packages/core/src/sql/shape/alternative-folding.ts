import { Keyword } from '../tokens/keywords.js'
import type { OperationTargets, TargetMark } from './operation-targets.js'
import { createTextMark, type SafeText, type TextMark } from './safe-text.js'
import type { TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'

// A module's own constants are compared faster than properties of an imported object.
const { CASE, DISTINCT, END, EXEC, EXECUTE, FROM, OR, SELECT, THEN, WHEN, WITH } = Keyword

/** An alternative is compared with this many different ones before it. */
const MAX_DIFFERENT = 16
/** In deeper parentheses conditions are not folded. */
const MAX_DEPTH = 128

/** A place where the first alternative may begin. */
interface Start {
  readonly a: number
  readonly b: number
  readonly literals: number
}

/** The conditions between `OR`, or the branches of a `CASE`. */
interface Alternatives {
  readonly isCase: boolean
  /** How many brackets are open around them. */
  readonly depth: number
  /** The hash in front of the first one. Each alternative is hashed from there. */
  startA: number
  startB: number
  /** The hash behind those so far. */
  allA: number
  allB: number
  /** The hashes of the different ones so far, two numbers for each. */
  readonly seen: number[]
  /** The states of text and summary in front of the current one. */
  readonly mark: TextMark
  readonly targetMark: TargetMark
  /** Number of literals in front of the current one. */
  literals: number
  /** Whether one with a literal has stayed in the text. */
  keepsLiteral: boolean
  /** Whether one is being read. */
  isOpen: boolean
  /** Where the condition around a `CASE` began. */
  readonly around: Start | undefined
}

/**
 * Makes the number of `OR`-ed conditions and of branches of a `CASE` irrelevant to the fingerprint: those that differ
 * only in their values from one before them do not count.
 *
 * The first condition is known as one of several only at its end. So each one is hashed from the state in front of the
 * first one, unlike the elements of a list. An alternative ends at each token that can be in no condition. So one that
 * began too early, because only its last part is a condition, has such a token in it and equals no other one.
 */
export class AlternativeFolding {
  /** Whether any alternatives are being read. */
  hasOpen: boolean = false
  readonly #hash: TokenHash
  readonly #targets: OperationTargets
  readonly #open: Alternatives[] = []
  #top: Alternatives | undefined = undefined
  #sql = ''
  #literals = 0
  /** Four numbers for each depth: the hash in front of a condition, the number of literals, and whether there is one. */
  readonly #starts = new Int32Array(MAX_DEPTH * 4)

  /**
   * @param hash the fingerprint's hash
   * @param targets the summary's targets; those of repeated alternatives are removed from it
   */
  constructor(hash: TokenHash, targets: OperationTargets) {
    this.#hash = hash
    this.#targets = targets
  }

  /** Begins a text. */
  begin(sql: string): void {
    this.#sql = sql
    this.#literals = 0
    this.#starts[3] = 0
    this.abandon()
  }

  /** Releases the text. */
  release(): void {
    this.#sql = ''
  }

  /** Counts a literal. */
  noteLiteral(): void {
    this.#literals++
  }

  /** Notes that a condition may begin behind the current token. @param depth how many brackets are open there */
  start(depth: number): void {
    if (depth < MAX_DEPTH) this.#setStart(depth, this.#hash.a, this.#hash.b, this.#literals)
  }

  /** Notes that no condition begins in a bracket that opens. */
  startNone(depth: number): void {
    if (depth < MAX_DEPTH) this.#starts[depth * 4 + 3] = 0
  }

  /**
   * Follows a word that separates alternatives, before it is hashed.
   *
   * @returns whether it does not count
   */
  addBranch(token: TokenReader, depth: number, text: SafeText): boolean {
    switch (token.keyword) {
      case OR:
        return this.#addOr(token, depth, text)
      case CASE:
        this.#push(true, depth, this.#startAt(depth))
        return false
      default:
        this.#endConditions(token, depth, text)
        if (token.keyword !== THEN) this.#endBranch(token, depth, text)
        return false
    }
  }

  /** Ends the alternatives at a depth and deeper ones, before a token that belongs to none of them. */
  end(token: TokenReader, depth: number, text: SafeText): void {
    // `a IS DISTINCT FROM b`
    if (token.keyword === FROM && token.previousKeyword === DISTINCT) return
    for (let top = this.#top; top !== undefined && top.depth >= depth; top = this.#top) {
      this.#pop(token, text)
    }
  }

  /** Appends the alternatives that are not part of the hash, because another one is being read. */
  addOthersTo(hash: TokenHash): void {
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const { seen, allA, allB } = this.#open[index]!
      if (seen.length > 0) hash.addState(allA, allB)
    }
  }

  /** Forgets all alternatives. */
  abandon(): void {
    if (this.#open.length > 0) this.#open.length = 0
    this.#top = undefined
    this.hasOpen = false
  }

  #addOr(token: TokenReader, depth: number, text: SafeText): boolean {
    let top = this.#top
    if (top === undefined || top.isCase || top.depth !== depth) {
      const start = this.#startAt(depth)
      if (start === undefined) return false
      top = this.#push(false, depth, undefined)
      top.startA = start.a
      top.startB = start.b
      top.literals = start.literals
    }
    this.#leave(top, token, text)
    this.#enter(top, token, text)
    return true
  }

  #endBranch(token: TokenReader, depth: number, text: SafeText): void {
    const top = this.#top
    if (top === undefined || !top.isCase || top.depth !== depth) return
    if (top.isOpen) this.#leave(top, token, text)
    if (token.keyword === WHEN) {
      if (top.seen.length === 0) {
        top.startA = this.#hash.a
        top.startB = this.#hash.b
      }
      this.#enter(top, token, text)
      return
    }
    if (top.isOpen) this.#setHash(top.allA, top.allB)
    top.isOpen = false
    if (token.keyword === END) this.#pop(token, text)
  }

  /** Ends the conditions of the current branch. */
  #endConditions(token: TokenReader, depth: number, text: SafeText): void {
    const top = this.#top
    if (top !== undefined && !top.isCase && top.depth === depth) this.#pop(token, text)
  }

  #setStart(depth: number, a: number, b: number, literals: number): void {
    const starts = this.#starts
    const index = depth * 4
    starts[index] = a
    starts[index + 1] = b
    starts[index + 2] = literals
    starts[index + 3] = 1
  }

  #startAt(depth: number): Start | undefined {
    const starts = this.#starts
    const index = depth * 4
    if (depth >= MAX_DEPTH || starts[index + 3] === 0) return undefined
    return { a: starts[index]!, b: starts[index + 1]!, literals: starts[index + 2]! }
  }

  #push(isCase: boolean, depth: number, around: Start | undefined): Alternatives {
    const top: Alternatives = {
      isCase,
      depth,
      startA: 0,
      startB: 0,
      allA: 0,
      allB: 0,
      seen: [],
      mark: createTextMark(),
      targetMark: { length: 0, operations: 0, isFull: false },
      literals: 0,
      keepsLiteral: false,
      isOpen: false,
      around,
    }
    this.#open.push(top)
    this.#top = top
    this.hasOpen = true
    return top
  }

  #pop(token: TokenReader, text: SafeText): void {
    const top = this.#open.pop()!
    this.#top = this.#open[this.#open.length - 1]
    if (top.isOpen) {
      this.#leave(top, token, text)
      this.#setHash(top.allA, top.allB)
    }
    this.hasOpen = this.#top !== undefined
    const { around, depth } = top
    if (around === undefined) return
    // Behind `END` the condition around the `CASE` goes on.
    this.#setStart(depth, around.a, around.b, around.literals)
  }

  #enter(top: Alternatives, token: TokenReader, text: SafeText): void {
    this.#setHash(top.startA, top.startB)
    top.literals = this.#literals
    top.isOpen = true
    text.mark(top.mark, this.#endBefore(token))
    this.#targets.mark(top.targetMark)
  }

  #leave(top: Alternatives, token: TokenReader, text: SafeText): void {
    const { a, b } = this.#hash
    const { seen } = top
    const hasLiteral = this.#literals > top.literals
    const isFirst = seen.length === 0
    if (isFirst) {
      top.allA = a
      top.allB = b
    } else if (isSeen(seen, a, b)) {
      // The first one with a literal stays, so that the text shows that there are literals.
      if (hasLiteral && top.keepsLiteral) text.rewind(top.mark, this.#endBefore(token))
      // The first word of the next statement is a part of the summary already.
      if (!isCommand(token)) this.#targets.rewind(top.targetMark)
    } else {
      this.#setHash(top.allA, top.allB)
      this.#hash.addState(a, b)
      top.allA = this.#hash.a
      top.allB = this.#hash.b
    }
    if (seen.length < MAX_DIFFERENT * 2 && (isFirst || !isSeen(seen, a, b))) seen.push(a, b)
    top.keepsLiteral ||= hasLiteral
  }

  #setHash(a: number, b: number): void {
    this.#hash.a = a
    this.#hash.b = b
  }

  /** The offset behind the token or the comment in front of a token. */
  #endBefore({ start }: TokenReader): number {
    let end = start
    while (end > 0 && this.#sql.charCodeAt(end - 1) <= 0x20) end--
    return end
  }
}

function isSeen(seen: readonly number[], a: number, b: number): boolean {
  for (let index = 0; index < seen.length; index += 2) {
    if (seen[index] === a && seen[index + 1] === b) return true
  }
  return false
}

function isCommand({ keyword }: TokenReader): boolean {
  return (keyword >= SELECT && keyword <= WITH) || keyword === EXEC || keyword === EXECUTE
}
