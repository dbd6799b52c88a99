import { diag, DiagConsoleLogger } from '@opentelemetry/api'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { withSetupWarnings } from '../../src/sdk/setup-warnings.js'

afterEach(() => {
  diag.disable()
  vi.restoreAllMocks()
})

/** The warnings while `setUp` runs. */
function warningsOf(setUp: () => void): unknown[] {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
  withSetupWarnings(setUp)
  return warned.mock.calls.map(([message]) => message)
}

describe('withSetupWarnings', () => {
  it('warns of each message of the log', () => {
    const messages = warningsOf(() => {
      diag.warn('a', Object.create(null))
      diag.error('b', new Error('c\nat somewhere'))
      diag.info('d')
    })
    expect(messages).toEqual([
      'querylens: OpenTelemetry reports: a …',
      'querylens: OpenTelemetry reports: b c',
    ])
  })

  it('keeps a logger that the set-up has set', () => {
    const logger = new DiagConsoleLogger()
    const warn = vi.spyOn(logger, 'warn').mockReturnValue()
    warningsOf(() => void diag.setLogger(logger, { suppressOverrideMessage: true }))
    diag.warn('later')
    expect(warn).toHaveBeenCalledWith('later')
  })

  it('does not warn of a false alarm', () => {
    expect(
      warningsOf(() => diag.error('Accessing resource attributes before async attributes settled')),
    ).toEqual([])
  })
})
