import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('.ci/run', () => {
  it.each(['core', 'kysely-plugin', 'exporter'])('tests the oldest Node that %s allows', (name) => {
    const { engines } = JSON.parse(read(`packages/${name}/package.json`)) as {
      readonly engines: { readonly node: string }
    }
    const [oldest] = Array.from(read('.ci/run').matchAll(/test:node (\S+)/g), ([, version]) => version)
    expect(engines.node).toBe(`>=${oldest}`)
  })
})
