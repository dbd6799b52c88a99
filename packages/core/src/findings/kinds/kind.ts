import type { FindingKind, FindingKinds } from '../../messages/finding.js'
import type { AllowedKind } from '../policy/allowance.js'
import type { LimitRule } from '../policy/limits.js'
import type { ReportedKind } from '../report/reported-kind.js'
import type { DetectorFactory } from './detector.js'

/**
 * The option of each kind. Each kind adds its own in its own file.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- it is filled in by the files of the kinds
export interface KindOptions {}

/** Everything about one kind of finding. A kind is one file, or one folder, and a line in `findings/kinds.ts`. */
export interface KindDefinition<Kind extends FindingKind = FindingKind> extends ReportedKind, AllowedKind {
  readonly kind: Kind
  /** The option that switches it off, or sets its limit. */
  readonly option: keyof KindOptions
  readonly limit: LimitRule<FindingKinds[Kind]>
  /** The row in the documentation. */
  readonly docs: KindDocs
  /** Makes the detector for a scope. Kinds that share a detector have the same function here. */
  readonly detect: DetectorFactory
}

/** A kind of finding in the words of the documentation. */
export interface KindDocs {
  /** Describes the problem. */
  readonly what: string
  /** When the finding opens, by default. */
  readonly opens: string
  /** A finding of this kind, as its message begins. */
  readonly example: string
}
