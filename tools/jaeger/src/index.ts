/**
 * A real Jaeger v2 for development, the demo and tests: found, run in a container, or built from its Go module.
 *
 * @packageDocumentation
 */
export { openBrowser, readVisible } from './browser.ts'
export { createJaegerClient, type JaegerClient } from './jaeger-client.ts'
export { findFreePorts, findUsablePorts, type JaegerPorts } from './ports.ts'
export { searchUrl, traceUrl } from './page-urls.ts'
export { startJaeger, type Jaeger } from './start-jaeger.ts'
