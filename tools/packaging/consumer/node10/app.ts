import { runInScope, type Finding } from '@querylens/core'
import { activateIn } from '@querylens/core/recorder'
import { QuerylensInstrumentation } from '@querylens/exporter'
import { startTelemetry, type Telemetry } from '@querylens/exporter/sdk'
import { querylens, type QuerylensOptions } from '@querylens/kysely-plugin'
import { captureQueries, type CapturedQueries } from '@querylens/testing'
import type { QueryMatchers } from '@querylens/testing/jest'
import type {} from '@querylens/testing/jest/guard'
import type { QueryAssertions } from '@querylens/testing/node'
import type {} from '@querylens/testing/node/guard'
import type { expect } from '@jest/globals'

// Without types of an entry point, the lines below would compile with any property.
// @ts-expect-error an unknown option
export const options: QuerylensOptions = { nameSpace: 'shop' }
// @ts-expect-error no such field
export const misread = (finding: Finding): unknown => finding.cuont
// @ts-expect-error an unknown option
export const misnamed = (): Telemetry => startTelemetry({ service: 'shop' })
// @ts-expect-error an operation is a function
export const misused = (message: object): void => activateIn(message, 'operation')
export const miscounted = (matchers: QueryMatchers<void, CapturedQueries>): void =>
  // @ts-expect-error an unknown field of a count
  matchers.toHaveQueryCount({ most: 2 })
export const unawaited = (jest: typeof expect, queries: Promise<CapturedQueries>): void =>
  // @ts-expect-error `expect` of Jest has the matchers
  jest(queries).toHaveQueryCount(2)
// @ts-expect-error no such assertion
export const missing = (assertions: QueryAssertions): unknown => assertions.queryCounts

void runInScope('job', async () => {
  for (const entry of [querylens, activateIn, QuerylensInstrumentation, startTelemetry, captureQueries])
    console.log(typeof entry)
})
