const CODE = 'QUERYLENS_TELEMETRY_SETUP'

/** Warns of a mistake in the set-up of telemetry. */
export function warnOfSetup(what: string): void {
  process.emitWarning(`querylens: ${what}`, { code: CODE })
}
