import { diag, DiagConsoleLogger } from '@opentelemetry/api'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { withSetupWarnings } from '../../src/sdk/setup-warnings.js'

afterEach(() => {
  diag.disable()
  vi.restoreAllMocks()
})

/** What is told while `setUp` runs. */
function told(setUp: () => void): unknown[] {
  const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
  withSetupWarnings(setUp)
  return warned.mock.calls.map(([message]) => message)
}

describe('withSetupWarnings', () => {
  it('takes whatever is written to the log', () => {
    const messages = told(() => {
      diag.warn('a', Object.create(null))
      diag.error('b', new Error('c\nat somewhere'))
      diag.info('d')
    })
    expect(messages).toEqual([
      'querylens: OpenTelemetry reports: a …',
      'querylens: OpenTelemetry reports: b c',
    ])
  })

  it('leaves a logger that was set meanwhile', () => {
    const logger = new DiagConsoleLogger()
    const warn = vi.spyOn(logger, 'warn').mockReturnValue()
    told(() => void diag.setLogger(logger, { suppressOverrideMessage: true }))
    diag.warn('later')
    expect(warn).toHaveBeenCalledWith('later')
  })

  it('says nothing of a false alarm', () => {
    expect(told(() => diag.error('Accessing resource attributes before async attributes settled'))).toEqual(
      [],
    )
  })
})
