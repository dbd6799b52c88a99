import { register } from 'node:module'

import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'

/** Instruments the driver, as many applications do. It loads before the shop, which does not. */
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
registerInstrumentations({ instrumentations: [new PgInstrumentation()] })
