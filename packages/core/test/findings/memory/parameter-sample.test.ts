import { describe, expect, it } from 'vitest'

import { sampleOf, varyingParameters } from '../../../src/findings/memory/parameter-sample.js'
import { samplesOf } from '../support/executions.js'

describe('sampleOf', () => {
  it('keeps keys instead of values, the element of a list of one as evidence, and marks lists', () => {
    const sample = sampleOf([1, [2], [3, 4], null, 'long '.repeat(100)], 7)
    expect(sample).toMatchObject({
      at: 7,
      size: 5,
      evidence: ['1', '2', undefined, undefined, expect.any(String)],
      isList: [false, false, true, false, false],
    })
    expect(sample.keys).toHaveLength(5)
    expect(JSON.stringify(sample)).not.toContain('long')
  })

  it('samples 16 parameters and counts all', () => {
    const sample = sampleOf(
      Array.from({ length: 40 }, (_, index) => index),
      0,
    )
    expect([sample.size, sample.keys.length, sample.evidence.length]).toEqual([40, 16, 16])
  })
})

describe('varyingParameters', () => {
  it('returns the indexes of parameters with several values', () => {
    expect(varyingParameters(samplesOf([1, 'a', null], [1, 'b', null], [1, 'a', 0]))).toEqual([1, 2])
    expect(varyingParameters(samplesOf([1, 2]))).toEqual([])
    expect(varyingParameters([])).toEqual([])
  })
})
