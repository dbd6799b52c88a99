import { expect, it } from 'vitest'

import { findFiles, readText } from '../src/repository.ts'

/** Clocks and timers that a test may fake, called by their global name or imported from Node. */
const FAKEABLE =
  /(?<![\w.'`])(?:performance\.now|Date\.now|(?:set|clear)(?:Timeout|Interval|Immediate)|queueMicrotask|process\.(?:nextTick|hrtime))(?=\()|'node:timers'/

it('the packages read time and set timers through clock.ts, which is real where a test fakes time', () => {
  const sources = findFiles('packages/*/src/**/*.ts').filter((path) => !path.endsWith('core/src/clock.ts'))
  expect(sources.length).toBeGreaterThan(100)
  const lines = sources.flatMap((path) =>
    readText(path)
      .split('\n')
      .filter((line) => FAKEABLE.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
  expect(lines).toEqual([])
})
