import { runInScope, type Finding } from '@querylens/core'
import { activateIn } from '@querylens/core/recorder'
import { QuerylensInstrumentation } from '@querylens/exporter'
import { startTelemetry, type Telemetry } from '@querylens/exporter/sdk'
import { querylens, type QuerylensOptions } from '@querylens/kysely-plugin'

// Without types of an entry point, the lines below would compile with any property.
// @ts-expect-error an unknown option
export const options: QuerylensOptions = { nameSpace: 'shop' }
// @ts-expect-error no such field
export const misread = (finding: Finding): unknown => finding.cuont
// @ts-expect-error an unknown option
export const misnamed = (): Telemetry => startTelemetry({ service: 'shop' })
// @ts-expect-error an operation is a function
export const misused = (message: object): void => activateIn(message, 'operation')

void runInScope('job', async () => {
  for (const entry of [querylens, activateIn, QuerylensInstrumentation, startTelemetry])
    console.log(typeof entry)
})
