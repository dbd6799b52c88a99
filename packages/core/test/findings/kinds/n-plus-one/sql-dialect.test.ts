import { describe, expect, it } from 'vitest'

import { resolveDetectOptions } from '../../../../src/findings/detect-options.js'
import { createSession } from '../../../../src/record/session.js'
import { runInScope } from '../../../../src/scope/run-in-scope.js'
import { shapeCacheOf } from '../../../../src/sql/shape/shape-cache.js'
import { listen, query } from '../../support/driving.js'
import { databaseOf } from '../../support/executions.js'

const { closed } = listen()

/** A loop over rows, in a database whose statements are read by the rules of PostgreSQL. */
async function loopIn(system: string): Promise<void> {
  const session = createSession({
    database: databaseOf(system),
    shapes: shapeCacheOf({ dialect: 'postgresql' }),
    detect: resolveDetectOptions('test()', {}),
  })
  await runInScope('job', async () => {
    await query(session, `select "id" from "pets"`, [], [{ id: 71 }, { id: 72 }, { id: 73 }])
    for (const id of [71, 72, 73]) await query(session, `select "name" from "toys" where "pet_id" = $1`, [id])
  })
}

describe('a loop in a system whose SQL dialect is PostgreSQL', () => {
  it.each([
    ['cockroachdb', 'postgresql'],
    ['postgresql', 'cockroachdb'],
  ])('is proven and has the same suggestion in %s and then in %s', async (...systems) => {
    for (const system of systems) await loopIn(system)
    const [first, second] = closed.map(({ evidence, suggestion }) => [evidence, suggestion])
    expect(first).toEqual(['proven', expect.stringContaining(`where('pet_id', '=', (eb) => eb.fn.any(`)])
    expect(second).toEqual(first)
  })
})
