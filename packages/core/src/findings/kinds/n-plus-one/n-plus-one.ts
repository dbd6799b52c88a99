import type { Finding } from '../../../messages/finding.js'
import type { CountLimit } from '../../policy/limits.js'
import { severityByCount } from '../../report/severity.js'
import type { KindDefinition } from '../kind.js'
import { detectRepeats } from './repeat-detector.js'

declare module '../../../messages/finding.js' {
  interface FindingKinds {
    /** One call site reads with the same statement again and again, with different parameters each time. */
    readonly n_plus_one: CountLimit
    /** The same for INSERT, UPDATE, DELETE and MERGE. */
    readonly n_plus_one_write: CountLimit
  }
}

declare module '../kind.js' {
  interface KindOptions {
    /**
     * Loops that read. The limit is for loops that nothing proves; a proven loop opens at its second execution.
     *
     * @default { atLeast: 5 }
     */
    readonly nPlusOne?: boolean | CountLimit | undefined
    /**
     * Loops that write. The limit is for loops that nothing proves; a proven loop opens at its second execution.
     *
     * @default { atLeast: 5 }
     */
    readonly nPlusOneWrite?: boolean | CountLimit | undefined
  }
}

export const nPlusOne: KindDefinition<'n_plus_one'> = {
  kind: 'n_plus_one',
  option: 'nPlusOne',
  label: 'N+1',
  limit: { defaults: { atLeast: 5 }, smallest: 2 },
  conditions: ['callSite', 'fingerprint', 'table', 'scope'],
  docs: {
    what: 'one call site reads with the same statement again and again, with different parameters each time',
    opens: 'proven: at the second execution; otherwise at 5 parameter sets',
    example: '50x select order_items products, one for each row of select orders',
  },
  headline: loopHeadline,
  severity: severityByCount,
  detect: detectRepeats,
}

export const nPlusOneWrite: KindDefinition<'n_plus_one_write'> = {
  kind: 'n_plus_one_write',
  option: 'nPlusOneWrite',
  label: 'N+1 of writes',
  limit: { defaults: { atLeast: 5 }, smallest: 2 },
  conditions: ['callSite', 'fingerprint', 'table', 'scope'],
  docs: {
    what: 'one call site writes with the same statement again and again: INSERT, UPDATE, DELETE, MERGE',
    opens: 'as above',
    example: '20x insert order_items, with different parameters each time',
  },
  headline: loopHeadline,
  severity: severityByCount,
  detect: detectRepeats,
}

function loopHeadline({ count, summary, source }: Finding): string {
  return source === undefined
    ? `${count}x ${summary}, with different parameters each time`
    : `${count}x ${summary}, one for each row of ${source.execution.shape.summary}`
}
