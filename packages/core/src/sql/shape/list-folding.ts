import { Keyword, WordFact } from '../tokens/keywords.js'
import type { OperationTargets, TargetMark } from './operation-targets.js'
import { createTextMark, type SafeText, type TextMark } from './safe-text.js'
import type { TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'

// A module's own constants are compared faster than properties of an imported object.
const { APPLY, FROM, INTO, JOIN, ON, SELECT, STRAIGHT_JOIN, TABLE, USING } = Keyword
const { EndsTables } = WordFact

/** Each element is hashed on its own, from this seed. */
const SEED = 1
/** An element is compared with this many different ones before it. Lists that differ more rarely repeat elements. */
const MAX_DIFFERENT = 16

interface List {
  /** Whether it is `VALUES`, whose elements are rows in parentheses; otherwise it is `IN (…)` or `ARRAY[…]`. */
  readonly hasRows: boolean
  /** How many brackets are open around its elements or rows. */
  readonly depth: number
  /** The hash of the tokens before the current element. */
  outerA: number
  outerB: number
  /** The hashes of the different elements so far, two numbers for each. */
  readonly seen: number[]
  /** The text's state before the current element, which is restored if that is a repetition. */
  readonly mark: TextMark
  /** The summary's state there. */
  readonly targetMark: TargetMark
  /** Whether the current element holds a literal. */
  hasLiteral: boolean
  /** Whether an element with a literal has stayed in the text. */
  keepsLiteral: boolean
  /** The reader's counts before the current element. */
  tokens: number
  parameters: number
  commas: number
  /** Whether a row has ended and the next token shows whether another one follows. */
  betweenRows: boolean
  /** Whether a comma was read after that row. */
  hasComma: boolean
}

/**
 * Makes the length of a list irrelevant to the fingerprint.
 *
 * An element with the hash of an earlier one is removed from the fingerprint and from the summary, and from the text if
 * it holds a literal.
 */
export class ListFolding {
  readonly #hash: TokenHash
  readonly #targets: OperationTargets
  readonly #open: List[] = []
  #current: List | undefined = undefined

  /**
   * @param hash the fingerprint's hash; inside a list it holds the current element
   * @param targets the summary's targets
   */
  constructor(hash: TokenHash, targets: OperationTargets) {
    this.#hash = hash
    this.#targets = targets
  }

  /** Begins a text. */
  reset(): void {
    if (this.#open.length > 0) this.#open.length = 0
    this.#current = undefined
  }

  /** Whether the current element is a row of `VALUES`. */
  get isInValues(): boolean {
    return this.#current?.hasRows === true
  }

  /** Whether a comma after a row announces another row. */
  get expectsRow(): boolean {
    return this.#current?.betweenRows === true && this.#current.hasComma
  }

  /** Whether the token is the first of an element of `IN (…)` or `ARRAY[…]`. */
  isFirst(token: TokenReader): boolean {
    const list = this.#current
    return list !== undefined && !list.hasRows && token.tokens === list.tokens + 1
  }

  /** How many parameters the row holds that the token closes; 0 if it holds something else as well. */
  parametersIn(token: TokenReader): number {
    const list = this.#current
    if (list === undefined || !list.betweenRows || list.hasComma) return 0
    const parameters = token.parameters - list.parameters
    const commas = token.commas - list.commas
    return commas === parameters - 1 && token.tokens - list.tokens === parameters + commas + 1
      ? parameters
      : 0
  }

  /** Notes that the current element holds a literal. */
  noteLiteral(): void {
    if (this.#current !== undefined) this.#current.hasLiteral = true
  }

  /** Begins a list before its first element. */
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

  /** @returns whether the comma separates elements, and so does not count */
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

  /** @returns whether the parenthesis begins another row */
  openRow(depth: number, token: TokenReader): boolean {
    const list = this.#current
    if (list === undefined || !list.betweenRows || !list.hasComma || list.depth !== depth) return false
    list.betweenRows = list.hasComma = false
    this.#enter(list, token)
    return true
  }

  /**
   * @param depth how many brackets are open outside the bracket that closes
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
   * Ends the rows before a token that begins no further row.
   *
   * @returns whether a comma was held back that counts after all
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
   *
   * @returns whether the caller has to end all lists
   */
  addWord(token: TokenReader, depth: number): boolean {
    const list = this.#current
    if (list === undefined || list.depth !== depth || list.hasRows || !isOfClause(token)) return false
    if (token.tokens !== list.tokens + 1) return true
    this.#hash.a = list.outerA
    this.#hash.b = list.outerB
    this.#end()
    return false
  }

  /** Removes the elements that are still open from the hash, when the rest of the text is unreadable. */
  abandon(): void {
    const outermost = this.#open[0]
    if (outermost !== undefined && !outermost.betweenRows) {
      this.#hash.a = outermost.outerA
      this.#hash.b = outermost.outerB
    }
    this.reset()
  }

  /** Writes the hash as it would be if all lists ended here to `whole`. The lists go on. */
  peek(whole: TokenHash): void {
    whole.a = this.#hash.a
    whole.b = this.#hash.b
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const list = this.#open[index]!
      if (list.betweenRows) continue
      const inner = { a: whole.a, b: whole.b }
      whole.a = list.outerA
      whole.b = list.outerB
      whole.add(inner.a, inner.b)
    }
  }

  /** Ends all lists that are still open. */
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
      // The first element with a literal stays, so that the text shows that there are literals.
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
