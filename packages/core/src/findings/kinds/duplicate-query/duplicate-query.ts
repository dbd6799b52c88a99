import type { CountLimit } from '../../policy/limits.js'
import { severityByCount } from '../../report/severity.js'
import type { KindDefinition } from '../kind.js'
import { detectRepeats } from '../n-plus-one/repeat-detector.js'

declare module '../../../messages/finding.js' {
  interface FindingKinds {
    /** A scope runs a statement again with the same parameters, and nothing was written in between. */
    readonly duplicate_query: CountLimit
  }
}

declare module '../kind.js' {
  interface KindOptions {
    /** Queries that ran before with the same parameters: a cache would save them. @default { atLeast: 2 } */
    readonly duplicateQuery?: boolean | CountLimit | undefined
  }
}

export const duplicateQuery: KindDefinition<'duplicate_query'> = {
  kind: 'duplicate_query',
  option: 'duplicateQuery',
  label: 'duplicate query',
  limit: { defaults: { atLeast: 2 }, smallest: 2 },
  conditions: ['callSite', 'fingerprint', 'table', 'scope'],
  docs: {
    what: 'a scope runs a statement again with the same parameters; a cache or a loader would save it',
    opens: 'at the second execution',
    example: '3x select settings with the same parameters',
  },
  headline: ({ count, summary, distinctCount }) =>
    distinctCount > 1
      ? `${count}x ${summary} with ${distinctCount} different sets of parameters`
      : `${count}x ${summary} with the same parameters`,
  severity: severityByCount,
  detect: detectRepeats,
}
