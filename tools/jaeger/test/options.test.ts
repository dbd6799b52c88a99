import { describe, expect, it } from 'vitest'

import { readOptions } from '../src/options.ts'

describe('readOptions', () => {
  it('defaults to Jaeger’s ports and reads a flag for each', () => {
    expect(readOptions([])).toEqual({ help: false, ports: { page: 16_686, grpc: 4_317, http: 4_318 } })
    const chosen = readOptions(['--port', '1', '--grpc-port=2', '--http-port', '65535'])
    expect(chosen.ports).toEqual({ page: 1, grpc: 2, http: 65_535 })
    expect(readOptions(['-h']).help).toBe(true)
  })

  it.each([
    [['--port', '0'], '--port is "0"; it takes a number from 1 to 65535.'],
    [['--http-port', '70000'], '--http-port is "70000"; it takes a number from 1 to 65535.'],
    [['--grpc-port', 'x'], '--grpc-port is "x"; it takes a number from 1 to 65535.'],
    [['--ports', '1'], "Unknown option '--ports'. It takes --port, --grpc-port, --http-port and --help."],
    [['--port', '4317'], '--port, --grpc-port, --http-port take three different ports.'],
    [['16686'], 'It takes --port, --grpc-port, --http-port and --help.'],
  ])('rejects %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message)
  })
})
