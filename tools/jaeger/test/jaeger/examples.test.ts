import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { IMAGE } from '../../src/versions.ts'
import { findBinary } from './find-binary.ts'

const path = (name: string): string =>
  fileURLToPath(new URL(`../../../../examples/jaeger/${name}`, import.meta.url))

it.each([[['jaeger.yaml']], [['jaeger.yaml', 'jaeger.metrics.yaml']]])(
  'Jaeger accepts %j of the examples',
  async (names) => {
    const binary = await findBinary()
    const configs = names.flatMap((name) => ['--config', `file:${path(name)}`])
    await expect(promisify(execFile)(binary, ['validate', ...configs])).resolves.toBeDefined()
  },
)

it.each(['compose.yaml', 'compose.metrics.yaml'])(
  '%s has the version of Jaeger that the tests use',
  async (name) => {
    expect(await readFile(path(name), 'utf8')).toContain(`image: ${IMAGE}`)
  },
)
