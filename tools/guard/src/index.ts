/**
 * Servers that end with the process that started them.
 *
 * @packageDocumentation
 */
export { findFreePort } from './free-port.ts'
export { startGuard, type Guard, type GuardTask } from './guard-client.ts'
