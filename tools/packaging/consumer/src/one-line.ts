import { startTelemetry, type Telemetry } from '@querylens/exporter/sdk'

import { runWorkload } from './workload.js'

// Nothing here flushes: the process is ended from outside, by SIGTERM.
export const telemetry: Telemetry = startTelemetry({ serviceName: 'consumer' })
await runWorkload()
setInterval(() => {}, 1_000)
console.log('ready')
