import { Keyword, WordFact } from '../tokens/keywords.js'
import type { OperationTargets, TargetMark } from './operation-targets.js'
import { createTextMark, type SafeText, type TextMark } from './safe-text.js'
import { TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'

// A module's own constants are compared faster than properties of an imported object.
const { APPLY, FROM, INTO, JOIN, ON, SELECT, STRAIGHT_JOIN, TABLE, USING } = Keyword
const { EndsTables } = WordFact

const SEED = 1
/** Repetitions are found among this many different elements; a list of more has no repetitions worth folding. */
const MAX_DIFFERENT = 16

interface List {
  /** Of `VALUES`, whose elements are rows in parentheses; otherwise `IN (…)` or `ARRAY[…]`. */
  readonly hasRows: boolean
  /** How many brackets are open around the elements, or around the rows. */
  readonly depth: number
  /** The hash of what stands around the current element. */
  outerA: number
  outerB: number
  /** The hashes of the elements so far, two numbers each. */
  readonly seen: number[]
  /** Where the text goes back to if the current element turns out a repetition. */
  readonly mark: TextMark
  /** Where the summary goes back to then. */
  readonly targetMark: TargetMark
  hasLiteral: boolean
  /** Whether an element with a literal stayed in the text. */
  keepsLiteral: boolean
  /** What the reader had counted in front of the current element. */
  tokens: number
  parameters: number
  commas: number
  betweenRows: boolean
  hasComma: boolean
}

/**
 * Makes the length of lists irrelevant: an element that looks like one before it counts for nothing in the
 * hash and in the summary, and disappears from the text if it holds a literal.
 */
export class ListFolding {
  readonly #hash: TokenHash
  readonly #targets: OperationTargets
  readonly #open: List[] = []
  #current: List | undefined = undefined

  /**
   * @param hash on which the elements are tried; what is appended to it becomes part of the current one
   * @param targets lose those of elements that look like one before
   */
  constructor(hash: TokenHash, targets: OperationTargets) {
    this.#hash = hash
    this.#targets = targets
  }

  /** Forgets all lists. */
  reset(): void {
    if (this.#open.length > 0) this.#open.length = 0
    this.#current = undefined
  }

  /** Whether this is the place of a row of `VALUES`. */
  get isInValues(): boolean {
    return this.#current?.hasRows === true
  }

  /** Whether a comma behind a row announces another one. */
  get expectsRow(): boolean {
    return this.#current?.betweenRows === true && this.#current.hasComma
  }

  /** Whether the token is the first of an element of a list, not of a row. */
  isFirst(token: TokenReader): boolean {
    const list = this.#current
    return list !== undefined && !list.hasRows && token.tokens === list.tokens + 1
  }

  /** How many parameters the row holds that the token closes; 0 where it holds something else as well. */
  parametersIn(token: TokenReader): number {
    const list = this.#current
    if (list === undefined || !list.betweenRows || list.hasComma) return 0
    const parameters = token.parameters - list.parameters
    const commas = token.commas - list.commas
    return commas === parameters - 1 && token.tokens - list.tokens === parameters + commas + 1
      ? parameters
      : 0
  }

  /** A literal became part of the current element. */
  noteLiteral(): void {
    if (this.#current !== undefined) this.#current.hasLiteral = true
  }

  /** The elements of a list begin at this depth, in front of the first row or element. */
  begin(depth: number, hasRows: boolean, token: TokenReader): void {
    const list: List = {
      hasRows,
      depth,
      outerA: 0,
      outerB: 0,
      seen: [],
      mark: createTextMark(),
      targetMark: { length: 0, operations: 0, isFull: false },
      hasLiteral: false,
      keepsLiteral: false,
      tokens: 0,
      parameters: 0,
      commas: 0,
      betweenRows: false,
      hasComma: false,
    }
    this.#open.push(list)
    this.#current = list
    this.#enter(list, token)
  }

  /** @returns whether the comma separates elements, and so is no token of its own */
  comma(depth: number, token: TokenReader, text: SafeText): boolean {
    const list = this.#current
    if (list === undefined || list.depth !== depth) return false
    if (list.hasRows) {
      if (!list.betweenRows || list.hasComma) return false
      list.hasComma = true
    } else {
      this.#leave(list, token.start, text)
      this.#enter(list, token)
    }
    text.mark(list.mark, token.start)
    return true
  }

  /** @returns whether the parenthesis begins a further row */
  openRow(depth: number, token: TokenReader): boolean {
    const list = this.#current
    if (list === undefined || !list.betweenRows || !list.hasComma || list.depth !== depth) return false
    list.betweenRows = list.hasComma = false
    this.#enter(list, token)
    return true
  }

  /**
   * @param depth outside the bracket that closes
   * @returns whether the bracket ends a row
   */
  close(depth: number, token: TokenReader, text: SafeText): boolean {
    const list = this.#current
    if (list === undefined) return false
    if (list.hasRows) {
      if (list.depth !== depth || list.betweenRows) return false
      this.#leave(list, token.end, text)
      list.betweenRows = true
      return true
    }
    if (list.depth === depth + 1) {
      this.#leave(list, token.start, text)
      this.#end()
    }
    return false
  }

  /**
   * Ends rows that something other than a further row follows.
   *
   * @returns whether a comma was held back that is a token after all
   */
  endRows(): boolean {
    const list = this.#current
    if (list === undefined || !list.betweenRows) return false
    this.#end()
    return list.hasComma
  }

  /**
   * Stops folding at a word of a clause, such as `FROM`, in an element.
   *
   * Directly after the opening bracket it begins a subquery, which is no list. Further back it may change the meaning
   * of the next element, so that element counts even if it looks like one before it.
   */
  addWord(token: TokenReader, depth: number): void {
    const list = this.#current
    if (list === undefined || list.depth !== depth || list.hasRows || !isOfClause(token)) return
    if (token.tokens !== list.tokens + 1) return this.finish()
    this.#hash.a = list.outerA
    this.#hash.b = list.outerB
    this.#end()
  }

  /** Forgets the elements that are open, of a text that ends inside them. */
  abandon(): void {
    const outermost = this.#open[0]
    if (outermost !== undefined && !outermost.betweenRows) {
      this.#hash.a = outermost.outerA
      this.#hash.b = outermost.outerB
    }
    this.reset()
  }

  /** What the hash would be if all lists ended here, without ending them. */
  peek(): TokenHash {
    const { a, b } = this.#hash
    const whole = new TokenHash()
    whole.a = a
    whole.b = b
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const list = this.#open[index]!
      if (list.betweenRows) continue
      const inner = { a: whole.a, b: whole.b }
      whole.a = list.outerA
      whole.b = list.outerB
      whole.add(inner.a, inner.b)
    }
    return whole
  }

  /** Ends what a text that is cut, or not quite right, leaves open. */
  finish(): void {
    for (let list = this.#current; list !== undefined; list = this.#current) {
      if (!list.betweenRows) this.#addTo(list, this.#hash.a, this.#hash.b)
      this.#end()
    }
  }

  #enter(list: List, token: TokenReader): void {
    list.tokens = token.tokens
    list.parameters = token.parameters
    list.commas = token.commas
    list.outerA = this.#hash.a
    list.outerB = this.#hash.b
    list.hasLiteral = false
    this.#targets.mark(list.targetMark)
    this.#hash.reset(SEED)
  }

  #leave(list: List, resumeAt: number, text: SafeText): void {
    const { a, b } = this.#hash
    const { seen } = list
    for (let index = 0; index < seen.length; index += 2) {
      if (seen[index] !== a || seen[index + 1] !== b) continue
      // The first literal stays: the text shows that there are some.
      if (list.hasLiteral && list.keepsLiteral) text.rewind(list.mark, resumeAt)
      list.keepsLiteral ||= list.hasLiteral
      this.#targets.rewind(list.targetMark)
      this.#hash.a = list.outerA
      this.#hash.b = list.outerB
      return
    }
    if (seen.length < MAX_DIFFERENT * 2) seen.push(a, b)
    list.keepsLiteral ||= list.hasLiteral
    this.#addTo(list, a, b)
  }

  #addTo(list: List, a: number, b: number): void {
    this.#hash.a = list.outerA
    this.#hash.b = list.outerB
    this.#hash.add(a, b)
  }

  #end(): void {
    const hadLiteral = this.#open.pop()?.hasLiteral === true
    this.#current = this.#open[this.#open.length - 1]
    if (hadLiteral) this.noteLiteral()
  }
}

/** Whether a word belongs to the clauses of a query, rather than to an expression. */
function isOfClause(token: TokenReader): boolean {
  switch (token.keyword) {
    case SELECT:
    case FROM:
    case JOIN:
    case APPLY:
    case STRAIGHT_JOIN:
    case INTO:
    case USING:
    case ON:
    case TABLE:
      return true
    default:
      return token.has(EndsTables)
  }
}
