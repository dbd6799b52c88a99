/** File, line and function in the application's code. */
export interface CallSite {
  /** With `/`; relative to the working directory if the file is below it. */
  readonly file: string
  /** From 1; mapped to the source where Node has a source map (`--enable-source-maps`). */
  readonly line: number
  readonly column: number
  /** `undefined` for a function without a name, and for the top level of a module. */
  readonly function: string | undefined
}
