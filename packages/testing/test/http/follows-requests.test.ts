import type { Server } from 'node:http'

import { captureQueries } from '@querylens/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openLibrary, type LibraryDatabase } from '../support/library.ts'
import { clients, type Client } from './clients.ts'
import { close, frameworks, listen } from './servers.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

describe.each(frameworks)('a capture follows requests to $name', ({ create, scopeName }) => {
  let server: Server
  let url: string

  beforeAll(async () => {
    server = await create(library.db)
    url = await listen(server)
  })
  afterAll(() => close(server))

  describe.each(clients)('from $name', ({ open, followsRedirects }) => {
    let client: Client

    beforeEach(() => {
      client = open()
    })
    afterEach(() => client.close())

    it('to a server that runs already, also over connections that were opened before', async () => {
      await client.get(`${url}/authors`)
      const first = await captureQueries(() => client.get(`${url}/books`))
      const second = await captureQueries(() => client.post(`${url}/authors`, { name: 'author 1' }))
      expect([first.count, second.count]).toEqual([5, 1])
      expect(first.queries[0]?.scopeName).toBe(scopeName)
      expect(first.findings.map(({ kind }) => kind)).toEqual(['n_plus_one'])
      expect(second.queries[0]?.text).toContain('where "name" = $1')
    })

    it('to a server that starts in the capture', async () => {
      const own = await create(library.db)
      const queries = await captureQueries(async () => await client.get(`${await listen(own)}/books`))
      await close(own)
      expect(queries.count).toBe(5)
    })

    it('of two captures at once, and none of the requests outside', async () => {
      const [books, authors] = await Promise.all([
        captureQueries(() => client.get(`${url}/books`)),
        captureQueries(() => Promise.all([client.get(`${url}/authors`), client.get(`${url}/authors`)])),
        client.get(`${url}/books`),
      ])
      expect([books.count, authors.count]).toEqual([5, 2])
    })

    it('after requests of an earlier capture on the same connections', async () => {
      const earlier = await captureQueries(() => client.get(`${url}/authors`))
      await client.get(`${url}/books`)
      expect(earlier.count).toBe(1)
      expect(earlier.late).toEqual([])
      const later = await captureQueries(() => Promise.all([1, 2, 3].map(() => client.get(`${url}/authors`))))
      expect(later.count).toBe(3)
    })

    it.runIf(followsRedirects)('through a redirect', async () => {
      const queries = await captureQueries(() => client.get(`${url}/moved`))
      expect(queries.count).toBe(1)
    })
  })
})
