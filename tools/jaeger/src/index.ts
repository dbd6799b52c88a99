/**
 * A real Jaeger v2 for development, the demo and tests: found, run in a container, or built from its Go module.
 *
 * @packageDocumentation
 */
export { openBrowser, readVisible } from './browser.ts'
export { createJaegerClient, type JaegerClient, type TraceSearch } from './jaeger-client.ts'
export { DEFAULT_PORTS, findFreePorts, findUsablePorts, type JaegerPorts } from './ports.ts'
export { searchUrl, traceUrl } from './page-urls.ts'
export { startJaeger, type Jaeger, type JaegerOptions } from './start-jaeger.ts'
