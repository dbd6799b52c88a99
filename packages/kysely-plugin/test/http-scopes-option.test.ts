import { channel } from 'node:diagnostics_channel'

import { expect, it } from 'vitest'

import { querylens } from '../src/index.js'
import { createStubDialect } from './support/stub-dialect.ts'

it('watches HTTP requests unless told otherwise', () => {
  const requests = channel('http.server.request.start')
  querylens({ dialect: createStubDialect() }, { httpScopes: false })
  expect(requests.hasSubscribers).toBe(false)
  querylens({ dialect: createStubDialect() })
  expect(requests.hasSubscribers).toBe(true)
})
