import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { findJaeger } from '../../src/find-jaeger.ts'

const file = (name: string): string =>
  `file:${fileURLToPath(new URL(`../../../../examples/jaeger/${name}`, import.meta.url))}`

it.each([[['jaeger.yaml']], [['jaeger.yaml', 'jaeger.metrics.yaml']]])(
  'Jaeger takes %j of the examples',
  async (names) => {
    const program = await findJaeger(process.env, { start() {}, step() {}, end() {} })
    const binary = program.kind === 'binary' ? program.path : ''
    const configs = names.flatMap((name) => ['--config', file(name)])
    await expect(promisify(execFile)(binary, ['validate', ...configs])).resolves.toBeDefined()
  },
)
