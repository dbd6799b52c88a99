import type { TestDatabase } from '@querylens/tool-postgres'
import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'

import type { DemoOptions } from './options.ts'
import type { ShopProcess } from './shop-process.ts'

const FORGET_MILLIS = 10_000

/** Says where everything is, and leaves it there until the process is told to end. */
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
      'Everything goes on until Ctrl+C:',
      `  shop       ${shop.url}/as-shipped/orders`,
      `  database   psql ${database.connectionString}`,
      ...(options.jaeger ? [`  Jaeger     ${options.backend?.page}`] : []),
      `  OTLP       ${options.backend?.url ?? `${receiver.url} (kept nowhere; set OTEL_EXPORTER_OTLP_ENDPOINT)`}`,
      '',
    ].join('\n'),
  )
  // Nobody reads any more what keeps coming.
  setInterval(() => receiver.clear(), FORGET_MILLIS)
  return new Promise(() => {})
}
