import { channel, tracingChannel } from 'node:diagnostics_channel'
import { setTimeout as delay } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { channels } from '../../src/messages/channels.js'
import { countUnrecordedStatements } from '../../src/messages/unrecorded-statements.js'
import { recordAcquisition } from '../../src/record/connection.js'
import { sessionWith } from '../findings/support/driving.js'
import { recordQuery } from '../../src/record/record-query.js'

/** As mysql2 publishes a statement, before it sends it. */
const sendByMysql2 = (name: 'query' | 'execute' = 'query') =>
  tracingChannel(`mysql2:${name}`).tracePromise(async () => ({ rows: [] }), {})
/** As Node publishes a statement of `node:sqlite`, right after it. */
const sendBySqlite = (): void => channel('sqlite.db.query').publish({ sql: "select 'secret'" })

it('counts the statements that drivers send outside any recorded operation', async () => {
  const unrecorded = countUnrecordedStatements()
  await sendByMysql2()
  await sendByMysql2('execute')
  sendBySqlite()
  unrecorded.stop()
  sendBySqlite()
  expect([...unrecorded.byDriver]).toEqual([
    ['mysql2', 2],
    ['node:sqlite', 1],
  ])
})

it('counts no statement of a recorded query, and none that prepares a connection', async () => {
  const unrecorded = countUnrecordedStatements()
  const session = sessionWith()
  const operation = async () => {
    sendBySqlite()
    await delay(1)
    return await sendByMysql2()
  }
  await recordAcquisition(session, operation, () => session, undefined)
  await recordQuery(session, { sql: 'select 1' }, operation, undefined)
  await recordQuery(session, { sql: 'select 1' }, () => Promise.reject(new Error('no')), undefined).catch(
    () => {},
  )
  expect(unrecorded.byDriver.size).toBe(0)
  sendBySqlite()
  expect([...unrecorded.byDriver]).toEqual([['node:sqlite', 1]])
  unrecorded.stop()
})

it('leaves no subscriber behind', () => {
  countUnrecordedStatements().stop()
  expect(channels.query.hasSubscribers || channels.connection.hasSubscribers).toBe(false)
  expect(channel('sqlite.db.query').hasSubscribers).toBe(false)
  expect(channel('tracing:mysql2:query:start').hasSubscribers).toBe(false)
})
