import { findFreePorts } from './ports.ts'
import { startJaeger } from './start-jaeger.ts'

/** One Jaeger for all test files; they tell their traces apart by the service or the user agent. */
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
