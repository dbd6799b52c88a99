import { QuerylensInstrumentation } from '@querylens/exporter'
import { NodeSDK } from '@opentelemetry/sdk-node'

import { runWorkload } from './workload.js'

const sdk = new NodeSDK({ serviceName: 'consumer', instrumentations: [new QuerylensInstrumentation()] })
sdk.start()
await runWorkload()
await sdk.shutdown()
