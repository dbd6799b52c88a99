import { channel } from 'node:diagnostics_channel'

import { expect, it } from 'vitest'

import { querylens } from '../src/index.js'
import { createStubDialect } from './support/stub-dialect.ts'

it('querylens makes HTTP requests scopes in the modes warn and throw', () => {
  const requests = channel('http.server.request.start')
  querylens({ dialect: createStubDialect() })
  querylens({ dialect: createStubDialect() }, { detect: { mode: 'report' } })
  querylens({ dialect: createStubDialect() }, { detect: false })
  expect(requests.hasSubscribers).toBe(false)
  querylens({ dialect: createStubDialect() }, { detect: { mode: 'warn' } })
  expect(requests.hasSubscribers).toBe(true)
})
