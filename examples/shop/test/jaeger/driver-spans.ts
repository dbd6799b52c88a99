import { register } from 'node:module'

import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'

/** Loaded before the shop, which has no instrumentation of the driver: many applications do. */
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
registerInstrumentations({ instrumentations: [new PgInstrumentation()] })
