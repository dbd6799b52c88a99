import type { CommentHandler } from '../tokens/token-reader.js'

/** A place in a {@link SafeText} to which it can be taken back. */
export interface TextMark {
  output: string
  from: number
  upTo: number
  closed: boolean
}

/** A mark at the beginning. */
export function createTextMark(): TextMark {
  return { output: '', from: 0, upTo: 0, closed: false }
}

/** What stands for a literal. */
const PLACEHOLDER = '?'

/**
 * The text of a statement as it may leave the process: what is neither dropped nor blanked is copied as it
 * was written. Costs nothing as long as there is nothing to leave out.
 */
export class SafeText implements CommentHandler {
  #sql = ''
  #limit = 0
  #output = ''
  /** What stands in front of this offset has been copied or left out. */
  #from = 0
  #closed = false
  #sealed = false

  /**
   * @param limit in UTF-16 units; the text ends with the last token that fits
   */
  begin(sql: string, limit: number): void {
    this.#sql = sql
    // The mark of a text that is cut belongs to it.
    this.#limit = limit - 2
    this.#output = ''
    this.#from = 0
    this.#closed = false
    this.#sealed = false
  }

  /** Leaves out a comment. */
  dropComment(start: number, end: number): void {
    if (this.#closed) return
    this.#copyUpTo(start)
    this.#from = end
    // It separated what stands around it: `a/**/b` is not `ab`, nor `-/**/-` the beginning of a comment.
    if (isInside(this.#sql, start - 1) && isInside(this.#sql, end)) this.#output += ' '
  }

  /** Replaces what stands between two offsets with a placeholder. */
  blank(start: number, end: number): void {
    if (this.#closed) return
    this.#copyUpTo(start)
    this.#output += PLACEHOLDER
    this.#from = end
  }

  /** Ends the text in front of a token that does not fit any more. */
  fit(start: number, end: number): void {
    if (this.#closed || this.#output.length + end - this.#from <= this.#limit) return
    this.close(start)
  }

  /** Ends the text at an offset. */
  close(at: number): void {
    if (this.#closed) return
    this.#copyUpTo(at)
    // White space in front of what does not fit.
    if (this.#output.length > this.#limit) this.#output = this.#output.slice(0, Math.max(0, this.#limit))
    this.#closed = true
  }

  /** Ends the text at an offset for good: not even a repetition that is left out makes room for what follows. */
  seal(at: number): void {
    this.close(at)
    this.#sealed = true
  }

  /** Takes the text back to a mark, and ends it there for good. */
  cutAt(mark: TextMark): void {
    this.#output = mark.output
    this.#from = mark.from
    this.#closed = mark.closed
    this.seal(mark.upTo)
  }

  /** Remembers the text as it is up to an offset that has not been reached yet. */
  mark(mark: TextMark, upTo: number): void {
    mark.output = this.#output
    mark.from = this.#from
    mark.upTo = upTo
    mark.closed = this.#closed
  }

  /** Leaves out all between a mark and an offset. */
  rewind(mark: TextMark, resumeAt: number): void {
    if (this.#sealed) return
    this.#output = mark.output
    this.#from = mark.from
    this.#closed = mark.closed
    if (this.#closed) return
    this.#copyUpTo(mark.upTo)
    this.#from = resumeAt
  }

  /** Whether the text ended before the statement did. */
  get isTruncated(): boolean {
    return this.#closed
  }

  /** The text, of which the last piece ends at an offset; begins no other. */
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

/** Without what the tokenizer takes for white space at both ends; JavaScript knows more kinds of it. */
function trim(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 0x20) from++
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--
  return text.slice(from, to)
}

/** Whether a token, or a comment, may reach up to this character. */
function isInside(text: string, position: number): boolean {
  return text.charCodeAt(position) > 0x20
}
