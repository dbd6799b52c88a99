import type { DatabaseInfo } from '../../messages/database-info.js'
import type { Scope } from '../../messages/scope.js'
import type { Finding } from '../../messages/finding.js'
import type { FindingLedger } from '../report/finding-ledger.js'
import type { RepeatedStatement } from './n-plus-one/repeated-statement.js'
import type { TrackedQuery } from '../tracked-query.js'

const NAMED_STATEMENTS = 3

/** Opens a finding where a scope sends many statements that no other finding explains. */
export class ChattyScope {
  readonly #scope: Scope
  readonly #limit: number
  readonly #ledger: FindingLedger
  #count = 0
  #isOpen = false
  #finding: Finding | undefined

  constructor(scope: Scope, limit: number, ledger: FindingLedger) {
    this.#scope = scope
    this.#limit = limit
    this.#ledger = ledger
  }

  /**
   * One more statement is about to be sent.
   *
   * @param explained how many of all are part of another finding
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  count(
    { execution: { database }, entryPoint }: TrackedQuery,
    explained: () => number,
    statements: () => Iterable<RepeatedStatement>,
  ): void {
    this.#count++
    if (this.#count <= this.#limit || this.#count - explained() <= this.#limit) return
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#finding = this.#open(database, explained, statements)
    }
    this.#ledger.refuse(this.#finding, entryPoint)
  }

  #open(
    database: DatabaseInfo,
    explained: () => number,
    statements: () => Iterable<RepeatedStatement>,
  ): Finding | undefined {
    return this.#ledger.open({
      kind: 'chatty_scope',
      evidence: 'measured',
      database,
      execution: undefined,
      frames: [],
      refresh: (finding) => {
        finding.count = this.#count
        finding.durationMillis = this.#scope.queryDurationMillis
        finding.suggestion = `load together what belongs together, with joins, jsonArrayFrom(…) or where … in (…)${mostFrequent(statements())}`
        return { timesLimit: (this.#count - explained()) / this.#limit }
      },
    })
  }
}

function mostFrequent(statements: Iterable<RepeatedStatement>): string {
  const repeated = [...statements].filter(({ count }) => count > 1)
  const most = repeated.toSorted((a, b) => b.count - a.count).slice(0, NAMED_STATEMENTS)
  const named = most.map(({ count, shape }) => `${count}x ${shape.summary}`)
  return named.length === 0 ? '' : `; most often ran ${named.join(', ')}`
}
