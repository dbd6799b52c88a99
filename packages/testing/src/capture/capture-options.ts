import type { DetectOptions } from '@querylens/core'

/** The options of `captureQueries`. All are optional. */
export interface CaptureOptions {
  /**
   * What Querylens detects in the capture. The fields override those of the databases, and `allow` is added to theirs.
   * With `mode: 'throw'` the query that opens a finding is refused, and the capture rejects.
   *
   * @default the options of each database
   */
  readonly detect?: DetectOptions | boolean | undefined
  /**
   * Refuses every query beyond so many: it never reaches the database, and the capture rejects. For code that could run
   * without an end; `toHaveQueryCount({ max })` shows all queries of code that ends.
   *
   * @default no limit
   */
  readonly max?: number | undefined
  /**
   * Also captures the queries of this process that belong to no other capture, such as those of a queue worker. Such a
   * capture runs alone: opening it while another one is open is an error, and so is the reverse.
   *
   * @default false
   */
  readonly process?: boolean | undefined
  /**
   * Keeps the values of parameters, which failure messages then show.
   *
   * @default false
   */
  readonly parameters?: boolean | undefined
  /**
   * How long the capture waits, once the function has settled, for queries and requests that still run, in milliseconds.
   * Those that go on longer are late.
   *
   * @default 1000
   */
  readonly settleMillis?: number | undefined
  /** The name of the scope, for messages. @default 'captureQueries' */
  readonly name?: string | undefined
}

/** {@link CaptureOptions} with every default filled in. */
export interface ResolvedCaptureOptions {
  readonly detect: DetectOptions | boolean | undefined
  readonly max: number
  readonly process: boolean
  readonly parameters: boolean
  readonly settleMillis: number
  readonly name: string
}
