import { findFreePorts } from './ports.ts'
import { startJaeger } from './start-jaeger.ts'

/** Starts one Jaeger for all test files. They identify their traces by service or user agent. */
export async function setup(): Promise<() => Promise<void>> {
  const { url, httpUrl, grpcUrl, hasPage, stop } = await startJaeger({ ports: await findFreePorts() })
  Object.assign(process.env, {
    QUERYLENS_TEST_JAEGER_URL: url,
    QUERYLENS_TEST_JAEGER_HTTP_URL: httpUrl,
    QUERYLENS_TEST_JAEGER_GRPC_URL: grpcUrl,
    QUERYLENS_TEST_JAEGER_HAS_PAGE: String(hasPage),
  })
  return stop
}
