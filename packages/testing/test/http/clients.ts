import { Agent, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'

import axios from 'axios'
import got from 'got'
import supertest from 'supertest'
import { Agent as UndiciAgent, fetch as undiciFetch, request as undiciRequest } from 'undici'

/** A way to send requests. A client keeps its connections until it is closed. */
export interface Client {
  get(url: string): PromiseLike<unknown>
  post(url: string, body: object): PromiseLike<unknown>
  close(): Promise<void>
}

export interface ClientKind {
  readonly name: string
  readonly followsRedirects: boolean
  open(): Client
}

const JSON_HEADERS = { 'content-type': 'application/json' }

export const clients: readonly ClientKind[] = [
  {
    name: 'node:http',
    followsRedirects: false,
    open() {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const send = async (url: string, method: string, body?: string): Promise<string> => {
        const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
          httpRequest(url, { agent, method, headers: JSON_HEADERS }, resolve).on('error', reject).end(body)
        })
        return await text(response)
      }
      return {
        get: (url) => send(url, 'GET'),
        post: (url, body) => send(url, 'POST', JSON.stringify(body)),
        close: async () => agent.destroy(),
      }
    },
  },
  {
    name: 'fetch',
    followsRedirects: true,
    open: () => ({
      get: async (url) => await (await fetch(url)).text(),
      post: async (url, body) =>
        await (
          await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: JSON_HEADERS })
        ).text(),
      close: async () => {},
    }),
  },
  {
    name: 'fetch of undici',
    followsRedirects: true,
    open() {
      const dispatcher = new UndiciAgent()
      return {
        get: async (url) => await (await undiciFetch(url, { dispatcher })).text(),
        post: async (url, body) => {
          const options = { method: 'POST', body: JSON.stringify(body), headers: JSON_HEADERS, dispatcher }
          return await (await undiciFetch(url, options)).text()
        },
        close: () => dispatcher.close(),
      }
    },
  },
  {
    name: 'request of undici',
    followsRedirects: false,
    open() {
      const dispatcher = new UndiciAgent()
      return {
        get: async (url) =>
          await (await undiciRequest(url, { dispatcher, headers: JSON_HEADERS })).body.text(),
        post: async (url, body) => {
          const options = { body: JSON.stringify(body), headers: JSON_HEADERS, dispatcher }
          return await (await undiciRequest(url, { method: 'POST', ...options })).body.text()
        },
        close: () => dispatcher.close(),
      }
    },
  },
  {
    name: 'axios',
    followsRedirects: true,
    open() {
      const httpAgent = new Agent({ keepAlive: true })
      const client = axios.create({ httpAgent })
      return {
        get: (url) => client.get(url),
        post: (url, body) => client.post(url, body),
        close: async () => httpAgent.destroy(),
      }
    },
  },
  {
    name: 'got',
    followsRedirects: true,
    open() {
      const http = new Agent({ keepAlive: true })
      const client = got.extend({ agent: { http } })
      return {
        get: (url) => client.get(url).text(),
        post: (url, json) => client.post(url, { json }).text(),
        close: async () => http.destroy(),
      }
    },
  },
  {
    name: 'supertest',
    followsRedirects: true,
    open: () => ({
      get: (url) => supertest(url).get('').redirects(1),
      post: (url, body) => supertest(url).post('').send(body),
      close: async () => {},
    }),
  },
]
