import * as stable from '@opentelemetry/semantic-conventions'
import * as incubating from '@opentelemetry/semantic-conventions/incubating'
import { describe, expect, it } from 'vitest'

import * as ours from '../../../packages/exporter/src/attributes.js'
import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from '../../../packages/exporter/src/version.js'
import { readJson } from '../src/repository.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly devDependencies?: Readonly<Record<string, string>>
}

const conventions: Readonly<Record<string, unknown>> = { ...incubating, ...stable }
const names = Object.entries(ours)
const manifest = readJson<Manifest>('packages/exporter/package.json')

describe('names of attributes and metrics', () => {
  const borrowed = names.filter(([, value]) => !value.startsWith('querylens.'))

  it('include more than ten names of the conventions', () => {
    expect(borrowed.length).toBeGreaterThan(10)
  })

  it.each(borrowed)('%s has the value of the conventions', (constant, value) => {
    expect(conventions[constant]).toBe(value)
  })

  it.each(names.filter(([, value]) => value.startsWith('querylens.')))(
    '%s is not in the conventions',
    (name) => {
      expect(name).toMatch(/_QUERYLENS_/)
      expect(conventions[name]).toBeUndefined()
    },
  )
})

describe('version.ts of the exporter', () => {
  it('names the package and its version', () => {
    expect({ name: PACKAGE_NAME, version: PACKAGE_VERSION }).toEqual({
      name: manifest.name,
      version: manifest.version,
    })
  })

  it('names the version of the conventions that this test compares with', () => {
    const house = readJson<Manifest>('tools/house/package.json').devDependencies
    const version = house?.['@opentelemetry/semantic-conventions']
    expect(SCHEMA_URL).toBe(`https://opentelemetry.io/schemas/${version}`)
    expect(manifest.devDependencies?.['@opentelemetry/semantic-conventions']).toBe(version)
    const installed = readJson<Manifest>(
      'tools/house/node_modules/@opentelemetry/semantic-conventions/package.json',
    )
    expect(installed.version).toBe(version)
  })
})
