/**
 * Runs a real Jaeger v2 for development, the demo and tests: an installed one, a container, or a build of its Go module.
 *
 * @packageDocumentation
 */
export { openBrowser, readVisible } from './browser.ts'
export { createJaegerClient, type JaegerClient } from './jaeger-client.ts'
export { findFreePorts, findUsablePorts, type JaegerPorts } from './ports.ts'
export { searchUrl, traceUrl } from './page-urls.ts'
export { startJaeger, type Jaeger } from './start-jaeger.ts'
