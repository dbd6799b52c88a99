import { checkOptions, optionRules } from '@querylens/core/recorder'

/** How much of the telemetry is written. All optional; the defaults let no value leave the process. */
export interface QuerylensInstrumentationOptions {
  /**
   * Whether the instrumentation starts enabled, as with any other OpenTelemetry instrumentation: registering
   * it, which `NodeSDK` does, enables it too. `startTelemetry` leaves it out.
   *
   * @default true
   */
  readonly enabled?: boolean | undefined
  /**
   * Whether spans carry the statement as `db.query.text`: parameterised text as it was sent, but without
   * comments, and literals as `?`.
   *
   * @default true
   */
  readonly queryText?: boolean | undefined
  /**
   * Whether error messages are exported. A database puts values into them (`invalid input syntax for type
   * integer: "…"`), so without it an error shows as its SQLSTATE, its type and its stack frames. What the work of
   * `runInScope` throws shows as its type alone, and with it as its message, too.
   *
   * @default false
   */
  readonly errorMessages?: boolean | undefined
  /**
   * Whether transactions become spans, the parents of their queries.
   *
   * @default true
   */
  readonly transactionSpans?: boolean | undefined
  /**
   * Whether N+1 loops and other findings are written to the spans that they are in, and counted. Who subscribes to
   * findings has them looked for: that adds about a microsecond to a statement in a unit of work,
   * and more where statements repeat, whose stacks are captured then.
   *
   * @default true
   */
  readonly findings?: boolean | undefined
  /**
   * Whether each finding becomes a log event as well, once its unit of work has ended.
   *
   * @default false
   */
  readonly findingLogs?: boolean | undefined
}

/** {@link QuerylensInstrumentationOptions} with every default filled in. */
export interface ResolvedInstrumentationOptions {
  readonly enabled: boolean
  readonly queryText: boolean
  readonly errorMessages: boolean
  readonly transactionSpans: boolean
  readonly findings: boolean
  readonly findingLogs: boolean
}

/**
 * Checks the options and fills in what is missing.
 *
 * @throws QuerylensError for an unknown option or a value that it does not take
 */
export function resolveOptions(
  owner: string,
  options: QuerylensInstrumentationOptions | undefined,
): ResolvedInstrumentationOptions {
  checkOptions<QuerylensInstrumentationOptions>(owner, options, {
    enabled: optionRules.boolean,
    queryText: optionRules.boolean,
    errorMessages: optionRules.boolean,
    transactionSpans: optionRules.boolean,
    findings: optionRules.boolean,
    findingLogs: optionRules.boolean,
  })
  return {
    enabled: options?.enabled ?? true,
    queryText: options?.queryText ?? true,
    errorMessages: options?.errorMessages ?? false,
    transactionSpans: options?.transactionSpans ?? true,
    findings: options?.findings ?? true,
    findingLogs: options?.findingLogs ?? false,
  }
}
