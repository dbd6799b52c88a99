import type { Finding, FindingKind, FindingSeverity } from '../../messages/finding.js'

/** What a report has to know of a kind of finding. */
export interface ReportedKind {
  readonly kind: FindingKind
  /** The kind in a few words, such as `N+1`. */
  readonly label: string
  /**
   * What happened, in one line, without where and what to do.
   *
   * @param size of what was measured, in words, such as `12,000 rows`
   */
  headline(finding: Finding, size: string | undefined): string
  /** @param timesLimit how many times its limit the measured figure is */
  severity(finding: Finding, timesLimit: number): FindingSeverity
}
