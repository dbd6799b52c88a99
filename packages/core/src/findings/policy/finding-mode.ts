/**
 * What happens with a finding, besides its messages on the channels:
 *
 * - `report`: nothing more
 * - `warn`: one line on the console when its scope ends, once for each call site
 * - `throw`: the call that reaches the limit rejects with `QUERYLENS_FINDING`, and Querylens does not send it; for
 *   tests and development. A finding that is known only afterwards (`large_result`, transactions, the pool) is a
 *   warning
 */
export type FindingMode = 'report' | 'warn' | 'throw'
