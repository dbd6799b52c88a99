import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { channels, runInScope } from '@querylens/core'
import { createSession, recordQuery, useDetectOptions, type Session } from '@querylens/core/recorder'

const database = Object.freeze({
  system: 'postgresql',
  namespace: undefined,
  serverAddress: undefined,
  serverPort: undefined,
  poolName: 'bench',
})
const checked = createSession({ database, detect: useDetectOptions('bench', undefined) })
const unchecked = createSession({ database })

const ONE_ROW = { rows: [{ id: 1, name: 'one', owner_id: 2, created_at: new Date(0) }] }
const STATEMENTS = Array.from({ length: 10 }, (_, index) => `select * from table_${index} where id = $1`)
const LOOP = 'select id, body from comments where post_id = $1'
const POSTS = 'select * from posts'

/** Work to measure. */
export interface DetectionSubject {
  readonly name: string
  run(): Promise<void>
  /** Number of statements or scopes in one run. */
  readonly size: number
}

/** The steps of the detectors in several kinds of scopes, with a driver that returns at once. */
export function detectionSubjects(): readonly DetectionSubject[] {
  return [
    { name: 'step in a healthy scope, detectors off', size: 10, run: () => healthy(unchecked) },
    { name: 'step in a healthy scope, detectors on', size: 10, run: () => healthy(checked) },
    { name: 'step in a loop over rows, detectors off', size: 51, run: () => loop(unchecked, 50) },
    { name: 'step in a loop over rows, detectors on', size: 51, run: () => loop(checked, 50) },
    { name: 'step in a scope of 1,000', size: 1_000, run: () => loop(checked, 999) },
    { name: 'step in a scope of 100,000', size: 100_000, run: () => loop(checked, 99_999) },
    { name: 'scope among 100 at once', size: 100, run: () => atOnce(100) },
    { name: 'scope among 10,000 at once', size: 10_000, run: () => atOnce(10_000) },
  ]
}

/**
 * Subscribes to findings, because detection runs for subscribers only.
 *
 * @returns a function that unsubscribes
 */
export function subscribeToFindings(): () => void {
  const listener = (): void => {}
  channels.finding.subscribe(listener)
  return () => void channels.finding.unsubscribe(listener)
}

/** The heap in a scope after 100,000 statements, over that after its first 50,000. */
export async function scopeHeapGrowth(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const heap = (): number => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  return await runInScope('one long scope', async () => {
    let before = 0
    for (let count = 0; count < 100_000; count++) {
      if (count === 50_000) before = heap()
      const sql = `select * from t${count % 3_000} where id = $1`
      await query(checked, sql, [count], { rows: [{ id: count, text: 'x'.repeat(200) }, { id: -count }] })
    }
    return heap() / before
  })
}

async function healthy(session: Session): Promise<void> {
  await runInScope('healthy', async () => {
    for (const sql of STATEMENTS) await query(session, sql, [1], ONE_ROW)
  })
}

async function loop(session: Session, rows: number): Promise<void> {
  await runInScope('loop', async () => {
    const posts = Array.from({ length: Math.min(rows, 1_000) }, (_, index) => ({ id: index, title: 'x' }))
    await query(session, POSTS, [], { rows: posts })
    for (let id = 0; id < rows; id++) await query(session, LOOP, [id], ONE_ROW)
  })
}

async function atOnce(scopes: number): Promise<void> {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  const work = async (): Promise<void> => {
    for (let id = 0; id < 3; id++) await query(checked, LOOP, [id], ONE_ROW)
    await opened
    await query(checked, POSTS, [], ONE_ROW)
  }
  const all = Array.from({ length: scopes }, () => runInScope('one of many', work))
  open()
  await Promise.all(all)
}

async function query(
  session: Session,
  sql: string,
  parameters: readonly unknown[],
  result: { readonly rows: readonly unknown[] },
): Promise<void> {
  await recordQuery(session, { sql, parameters }, async () => result, undefined)
}
