/** A place in the application's code. */
export interface CallSite {
  /** Relative to the working directory where it is below it, with `/`. */
  readonly file: string
  /** From 1; through the source map where Node knows one (`--enable-source-maps`). */
  readonly line: number
  readonly column: number
  /** `undefined` for a function without a name of its own, and for the top of a module. */
  readonly function: string | undefined
}
