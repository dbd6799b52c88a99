import { findingKinds } from '@querylens/core/internal'
import { describe, expect, it } from 'vitest'

import { rewriteTables, WRITE_COMMAND } from '../src/generated-tables.ts'
import { findFiles, findPages, readText } from '../src/repository.ts'

const augmenting = findFiles('packages/*/src/**/*.ts')

describe('generated tables', () => {
  it.each(findPages())('%s has them as the source has them', (path) => {
    const page = readText(path)
    const written = rewriteTables(page, { read: readText, augmenting, kinds: findingKinds })
    expect(written === page ? '' : `${path} is out of date: run ${WRITE_COMMAND}`).toBe('')
  })
})
