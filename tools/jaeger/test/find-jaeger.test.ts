import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { BuildProgress } from '../src/build-jaeger.ts'
import { findJaeger } from '../src/find-jaeger.ts'

const silent: BuildProgress = { start() {}, step() {}, end() {} }

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-find-jaeger-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** Adds a program to the folder in `PATH`. */
function install(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const find = (env: NodeJS.ProcessEnv = {}) => findJaeger({ PATH: folder, ...env }, silent)

describe('findJaeger', () => {
  it('prefers JAEGER_BIN, then a program on the PATH, then a container', async () => {
    const named = install('my-jaeger', 'echo "Jaeger backend v2 … --config"')
    const onPath = install('jaeger', 'echo "Jaeger backend v2 … --config"')
    install('docker', 'exit 0')
    expect(await find({ JAEGER_BIN: named })).toMatchObject({ kind: 'binary', path: named })
    expect(await find()).toMatchObject({ kind: 'binary', path: onPath })
    rmSync(onPath)
    expect(await find()).toMatchObject({
      kind: 'container',
      image: expect.stringMatching(/^jaegertracing\/jaeger:2\./),
    })
  })

  it('skips another program named jaeger and a Docker without a daemon', async () => {
    install('jaeger', 'echo "Jaeger all-in-one distribution with agent … --collector.otlp.enabled"')
    install('docker', 'exit 1')
    await expect(find()).rejects.toThrow(/^There is no Jaeger on this machine/)
  })

  it('names the programs to install if it finds none', async () => {
    const error = await find().catch((reason: unknown) => reason)
    expect(String(error)).toMatch(/JAEGER_BIN[\s\S]*Docker daemon[\s\S]*Go 1\.\d+/)
  })

  it('reports what is wrong with JAEGER_BIN', async () => {
    await expect(find({ JAEGER_BIN: join(folder, 'none') })).rejects.toThrow(
      /which does not exist; it takes the file/,
    )
    const other = install('other', 'echo hello')
    await expect(find({ JAEGER_BIN: other })).rejects.toThrow(/which is no Jaeger v2/)
    const failing = install('failing', 'echo "unknown flag" >&2; exit 3')
    await expect(find({ JAEGER_BIN: failing })).rejects.toThrow(/which ends with 3: unknown flag/)
  })

  it('reports the output of Go if the build fails', async () => {
    install('go', 'case $1 in version) exit 0;; esac; echo "go: no network here" >&2; exit 1')
    vi.stubEnv('XDG_CACHE_HOME', folder)
    await expect(find()).rejects.toThrow(
      /go mod ended with 1\.\ngo: no network here\nSet JAEGER_BIN to the file of a Jaeger v2/,
    )
  })
})
