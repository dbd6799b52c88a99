import type { Finding, FindingKind, FindingSeverity } from '../../messages/finding.js'

/** The part of a kind that reports need. */
export interface ReportedKind {
  readonly kind: FindingKind
  /** The kind in a few words, such as `N+1`. */
  readonly label: string
  /**
   * Describes in one line what happened, without call site and suggestion.
   *
   * @param size of what was measured, in words, such as `12,000 rows`
   */
  headline(finding: Finding, size: string | undefined): string
  /** @param timesLimit how many times its limit the measured figure is */
  severity(finding: Finding, timesLimit: number): FindingSeverity
}
