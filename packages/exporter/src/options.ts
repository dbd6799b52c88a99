import { checkOptions, optionRules } from '@querylens/core/internal'

/** Options of the instrumentation, all optional. With the defaults, no parameter and no literal leaves the process. */
export interface QuerylensInstrumentationOptions {
  /**
   * Whether the instrumentation starts enabled. Registering it, which `NodeSDK` does, enables it too. `startTelemetry`
   * leaves a disabled instrumentation out.
   *
   * @default true
   */
  readonly enabled?: boolean | undefined
  /**
   * Whether each request of a `node:http` server is a scope while the instrumentation is enabled. It holds for the whole
   * process; a request costs some microseconds. In the modes `warn` and `throw` of `detect` requests are scopes anyway.
   *
   * @default true
   */
  readonly httpScopes?: boolean | undefined
  /**
   * Whether spans carry the statement as `db.query.text`: the parameterised text as the application sent it, without
   * comments, and with `?` for literals.
   *
   * @default true
   */
  readonly queryText?: boolean | undefined
  /**
   * Whether spans carry the messages of errors. A database puts values into them (`invalid input syntax for type integer:
   * "…"`). Without it, a span shows the SQLSTATE, the type and the stack frames of a failed query, and the type alone of
   * what the work of `runInScope` throws.
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
   * Whether findings such as N+1 loops become attributes and events of their spans, and a metric. It switches detection
   * on, which adds about two microseconds to a statement in a scope, and more where statements repeat: Querylens captures
   * their stacks.
   *
   * @default true
   */
  readonly exportFindings?: boolean | undefined
  /**
   * Whether each finding also becomes a log event when its scope ends. It needs an SDK for logs and `exportFindings`.
   *
   * @default false
   */
  readonly findingLogs?: boolean | undefined
}

/** {@link QuerylensInstrumentationOptions} with every default filled in. */
export interface ResolvedInstrumentationOptions {
  readonly enabled: boolean
  readonly httpScopes: boolean
  readonly queryText: boolean
  readonly errorMessages: boolean
  readonly transactionSpans: boolean
  readonly exportFindings: boolean
  readonly findingLogs: boolean
}

/**
 * Checks the options and fills in the defaults.
 *
 * @param prefix of the names in an error: `querylens.` for options that another option holds
 * @throws QuerylensError for an unknown option or a value that the option does not take
 */
export function resolveOptions(
  owner: string,
  options: QuerylensInstrumentationOptions | undefined,
  prefix = '',
): ResolvedInstrumentationOptions {
  checkOptions<QuerylensInstrumentationOptions>(
    owner,
    options,
    {
      enabled: optionRules.boolean,
      httpScopes: optionRules.boolean,
      queryText: optionRules.boolean,
      errorMessages: optionRules.boolean,
      transactionSpans: optionRules.boolean,
      exportFindings: optionRules.boolean,
      findingLogs: optionRules.boolean,
    },
    prefix,
  )
  return {
    enabled: options?.enabled ?? true,
    httpScopes: options?.httpScopes ?? true,
    queryText: options?.queryText ?? true,
    errorMessages: options?.errorMessages ?? false,
    transactionSpans: options?.transactionSpans ?? true,
    exportFindings: options?.exportFindings ?? true,
    findingLogs: options?.findingLogs ?? false,
  }
}
