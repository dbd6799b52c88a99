import type { TestDatabase } from '@querylens/tool-postgres'
import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'

import type { DemoOptions } from './options.ts'
import type { ShopProcess } from './shop-process.ts'

const CLEAR_MILLIS = 10_000

/** Prints all addresses and keeps everything running until a signal ends the process. */
export function keepRunning(
  shop: ShopProcess,
  {
    database,
    receiver,
    options,
  }: {
    readonly database: TestDatabase
    readonly receiver: OtlpReceiver
    readonly options: DemoOptions
  },
): Promise<never> {
  process.stdout.write(
    [
      'Everything keeps running until Ctrl+C:',
      `  shop       ${shop.url}/as-shipped/orders`,
      `  database   psql ${database.connectionString}`,
      ...(options.jaeger ? [`  Jaeger     ${options.backend?.page}`] : []),
      `  OTLP       ${options.backend?.url ?? `${receiver.url} (not stored; set OTEL_EXPORTER_OTLP_ENDPOINT)`}`,
      '',
    ].join('\n'),
  )
  // The demo no longer reads the signals.
  setInterval(() => receiver.clear(), CLEAR_MILLIS)
  return new Promise(() => {})
}
