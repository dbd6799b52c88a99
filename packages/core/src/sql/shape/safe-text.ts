import type { CommentHandler } from '../tokens/token-reader.js'

/** The state of a {@link SafeText} at an offset, to which it can be set back. */
export interface TextMark {
  output: string
  from: number
  upTo: number
  closed: boolean
}

/** Makes a mark for the beginning of a text. */
export function createTextMark(): TextMark {
  return { output: '', from: 0, upTo: 0, closed: false }
}

/** Replaces each literal. */
const PLACEHOLDER = '?'

/**
 * Builds the text of a statement that may leave the process.
 *
 * Comments are dropped, literals are blanked, and everything else is copied as it was written. A text without comments
 * and literals is copied once, at the end.
 */
export class SafeText implements CommentHandler {
  #sql = ''
  #limit = 0
  #output = ''
  /** The text before this offset has been copied or left out. */
  #from = 0
  /** Whether the text has ended before the statement. */
  #closed = false
  /** Whether the text has ended for good. */
  #sealed = false

  /**
   * Begins a text.
   *
   * @param limit of its length in UTF-16 units; the text ends with the last token that fits
   */
  begin(sql: string, limit: number): void {
    this.#sql = sql
    // The mark ` …` of a text that is cut counts towards its length.
    this.#limit = limit - 2
    this.#output = ''
    this.#from = 0
    this.#closed = false
    this.#sealed = false
  }

  /** Leaves a comment out. */
  dropComment(start: number, end: number): void {
    if (this.#closed) return
    this.#copyUpTo(start)
    this.#from = end
    // The comment separated two tokens: `a/**/b` is not `ab`, and `-/**/-` does not begin a comment.
    if (isInside(this.#sql, start - 1) && isInside(this.#sql, end)) this.#output += ' '
  }

  /** Replaces the text between two offsets by a placeholder. */
  blank(start: number, end: number): void {
    if (this.#closed) return
    this.#copyUpTo(start)
    this.#output += PLACEHOLDER
    this.#from = end
  }

  /** Ends the text before a token that does not fit. */
  fit(start: number, end: number): void {
    if (this.#closed || this.#output.length + end - this.#from <= this.#limit) return
    this.close(start)
  }

  /** Ends the text at an offset. */
  close(at: number): void {
    if (this.#closed) return
    this.#copyUpTo(at)
    // White space before a token that does not fit may exceed the limit.
    if (this.#output.length > this.#limit) this.#output = this.#output.slice(0, Math.max(0, this.#limit))
    this.#closed = true
  }

  /** Ends the text at an offset for good: {@link rewind} does not open it again. */
  seal(at: number): void {
    this.close(at)
    this.#sealed = true
  }

  /** Sets the text back to a mark and ends it there for good. */
  cutAt(mark: TextMark): void {
    this.#output = mark.output
    this.#from = mark.from
    this.#closed = mark.closed
    this.seal(mark.upTo)
  }

  /**
   * Stores the text's state in a mark.
   *
   * @param upTo offset of the mark; the text before it is kept
   */
  mark(mark: TextMark, upTo: number): void {
    mark.output = this.#output
    mark.from = this.#from
    mark.upTo = upTo
    mark.closed = this.#closed
  }

  /** Leaves out the text between a mark and an offset. */
  rewind(mark: TextMark, resumeAt: number): void {
    if (this.#sealed) return
    this.#output = mark.output
    this.#from = mark.from
    this.#closed = mark.closed
    if (this.#closed) return
    this.#copyUpTo(mark.upTo)
    this.#from = resumeAt
  }

  /** Whether the text has ended before the statement. */
  get isTruncated(): boolean {
    return this.#closed
  }

  /**
   * Ends the text and releases the statement.
   *
   * @param at the offset of the statement's end
   */
  finish(at: number): string {
    const truncated = this.#closed
    this.close(at)
    const text = trim(this.#output)
    this.#sql = this.#output = ''
    if (!truncated) return text
    return text === '' ? '…' : `${text} …`
  }

  #copyUpTo(offset: number): void {
    if (offset > this.#from) this.#output += this.#sql.slice(this.#from, offset)
  }
}

/** Removes at both ends what the tokenizer reads as white space. `trim` of JavaScript removes more. */
function trim(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 0x20) from++
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--
  return text.slice(from, to)
}

/** Whether the character can belong to a token or a comment. */
function isInside(text: string, position: number): boolean {
  return text.charCodeAt(position) > 0x20
}
