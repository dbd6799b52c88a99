import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { startOtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { findFreePorts, startJaeger, type JaegerPorts } from '../../src/index.ts'
import { findBinary } from './find-binary.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-start-jaeger-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const responds = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  )
const flags = ({ page, grpc, http }: JaegerPorts): string[] =>
  ['--port', page, '--grpc-port', grpc, '--http-port', http].map(String)

describe('startJaeger', () => {
  it('starts a Jaeger that responds until it is stopped', async () => {
    const jaeger = await startJaeger({ ports: await findFreePorts() })
    expect(await responds(jaeger.url)).toBe(true)
    await jaeger.stop()
    expect(await responds(jaeger.url)).toBe(false)
  })

  it('ends Jaeger when the process ends in any way', async () => {
    const host = spawn(process.execPath, [file('start-and-die.ts')])
    const url = await text(host.stdout)
    expect(url).toMatch(/^http:/)
    await vi.waitUntil(async () => !(await responds(url)), 20_000)
  })

  it('serves the page in JAEGER_UI_ASSETS and rejects a folder without one', async () => {
    // A container includes a page.
    const env = { ...process.env, JAEGER_BIN: await findBinary(), JAEGER_UI_ASSETS: folder }
    await expect(startJaeger({ ports: await findFreePorts(), env })).rejects.toThrow(
      `JAEGER_UI_ASSETS is ${folder}, which has no index.html; it takes the folder of a built Jaeger UI.`,
    )
    writeFileSync(join(folder, 'index.html'), '<html><head><script></script></head><body>mine</body></html>')
    const jaeger = await startJaeger({ ports: await findFreePorts(), env })
    expect(jaeger.hasPage).toBe(true)
    expect(await fetch(`${jaeger.url}/search`).then((page) => page.text())).toContain('mine')
    await jaeger.stop()
  })

  it('reports why Jaeger does not start', async () => {
    const receiver = await startOtlpReceiver()
    const ports = { ...(await findFreePorts()), http: Number(new URL(receiver.url).port) }
    const env = { ...process.env, JAEGER_BIN: await findBinary() }
    await expect(startJaeger({ ports, env })).rejects.toThrow(/did not start: [\s\S]*address already in use/)
    await receiver.stop()
  })

  it('reports the signal that ended Jaeger, and removes the folder', async () => {
    const script = join(folder, 'jaeger')
    writeFileSync(script, `#!/bin/sh\necho $$ >${join(folder, 'pid')}\nexec ${await findBinary()} "$@"\n`)
    chmodSync(script, 0o755)
    vi.stubEnv('TMPDIR', folder)
    const jaeger = await startJaeger({
      ports: await findFreePorts(),
      env: { ...process.env, JAEGER_BIN: script },
    })
    const folders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('querylens-jaeger-'))
    expect(folders()).toHaveLength(1)
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL')
    expect(await jaeger.ended).toMatch(/\nSIGKILL ended it\.$/)
    expect(folders()).toEqual([])
  })

  it('configures a container for its image', async () => {
    const binary = await findBinary()
    // A stub of Docker: the program listens on the published port.
    const script = `case $1 in
      run) while [ "$1" != --config ]; do shift; done; exec ${binary} "$@";;
      rm) touch ${join(folder, 'removed')};;
    esac`
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'docker'), 0o755)
    const env = { PATH: [folder, '/usr/bin', '/bin'].join(delimiter) }
    const jaeger = await startJaeger({ ports: await findFreePorts(), env })
    expect(jaeger.origin).toMatch(/^the image jaegertracing\/jaeger:2\./)
    expect(await responds(jaeger.url)).toBe(true)
    await jaeger.stop()
    expect(existsSync(join(folder, 'removed'))).toBe(true)
  })
})

describe('pnpm jaeger', () => {
  it('prints the address, names the process that has a port, and cleans up at Ctrl+C', async () => {
    const ports = await findFreePorts()
    const command = [file('../../src/main.ts'), ...flags(ports)]
    const first = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    first.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    await vi.waitUntil(() => output.includes('Ctrl+C ends it'), 30_000)
    expect(output).toContain(`http://127.0.0.1:${ports.page}`)
    expect(output).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${ports.http}`)

    const second = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')])
    expect(code).toBe(1)
    expect(complaint.trim().split('\n')).toEqual([
      expect.stringMatching(/^Port \d+ for Jaeger’s page is taken by .*; --port chooses another\.$/),
      expect.stringMatching(/^Port \d+ for OTLP over gRPC is taken by .*; --grpc-port chooses another\.$/),
      expect.stringMatching(/^Port \d+ for OTLP over HTTP is taken by .*; --http-port chooses another\.$/),
    ])

    first.kill('SIGINT')
    expect((await once(first, 'exit'))[0]).toBe(130)
    expect(await responds(`http://127.0.0.1:${ports.page}`)).toBe(false)
  })
})
