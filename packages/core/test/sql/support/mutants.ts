import { readFileSync } from 'node:fs'

import fc from 'fast-check'

/** Seconds for all properties together: 5 by default, 60 in CI, or `QUERYLENS_FUZZ_SECONDS`. */
const SECONDS = Number(process.env['QUERYLENS_FUZZ_SECONDS'] ?? (process.env['CI'] === undefined ? 5 : 60))
const PROPERTIES = 3

/** Seconds for each property. */
export const FUZZ_SECONDS: number = SECONDS / PROPERTIES

/** Milliseconds after which the test of a property has failed. */
export const FUZZ_TIMEOUT: number = SECONDS * 1_000 + 60_000

/** Texts on which a property once failed. A failing test prints the text that belongs into this file. */
export const seeds: readonly string[] = JSON.parse(
  readFileSync(new URL('../fixtures/fuzz-seeds.json', import.meta.url), 'utf8'),
)

const PIECES = [
  "'",
  '"',
  '`',
  '[',
  ']',
  '(',
  ')',
  '$$',
  '$a$',
  '$1',
  '?',
  ':a',
  '@b',
  '--',
  '/*',
  '*/',
  '#',
  '\\',
  ';',
  ',',
  '.',
  '::',
  '..',
  ':=',
  '+',
  '-',
  '1',
  '0x',
  '1e',
  '1_',
  "E'",
  'U&"',
  "q'[",
  "''",
  "\\'",
  ']]',
  '\r',
  '--\r',
  '/*/',
  '\n',
  '\u0000',
  '\ud800',
  '\u00a0',
  '£5',
  'é',
  ' in (',
  ' values (',
  ' array[',
  ' cast(',
  ' as ',
  ' with ',
  ' select ',
  ' from ',
  ' update ',
  ' null ',
  ' is ',
  ' interval ',
  ' date ',
  ' default ',
  ' order by ',
  ' union ',
  ' create table ',
  ' begin ',
  ' join ',
  ' using ',
  ' or ',
  ' case when ',
  ' then ',
  ' else ',
  ' end ',
  ' identified by ',
  ' password ',
  ' set ',
  ' to ',
  ' = ',
  ':1',
  "'a':1",
  ' for system_time ',
  ' (nolock) ',
  ' output ',
  ' exec ',
  ' grant ',
  ' definer=',
  ' bulk insert ',
]

type Mutation = (text: string) => string

/** A place in a text, from 0 to 1. All are equally likely, which random doubles of fast-check are not. */
const at = fc.noBias(fc.nat({ max: 100_000 })).map((place) => place / 100_000)
const place = (text: string, fraction: number): number => Math.floor(fraction * text.length)

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...PIECES)).map<Mutation>(([where, piece]) => (text) => {
    const offset = place(text, where)
    return text.slice(0, offset) + piece + text.slice(offset)
  }),
  fc.tuple(at, fc.nat({ max: 20 })).map<Mutation>(([where, length]) => (text) => {
    const offset = place(text, where)
    return text.slice(0, offset) + text.slice(offset + length)
  }),
  fc.tuple(at, at, at).map<Mutation>(([from, to, where]) => (text) => {
    const piece = text.slice(place(text, Math.min(from, to)), place(text, Math.max(from, to)))
    const offset = place(text, where)
    return text.slice(0, offset) + piece + text.slice(offset)
  }),
  at.map<Mutation>((where) => (text) => text.slice(0, place(text, where))),
)

/** Statements with a number of random changes, most of which break them. */
export function mutantsOf(
  statements: fc.Arbitrary<string>,
  { minChanges, maxChanges }: { readonly minChanges: number; readonly maxChanges: number },
): fc.Arbitrary<string> {
  return fc
    .tuple(statements, fc.array(mutations, { minLength: minChanges, maxLength: maxChanges }))
    .map(([sql, changes]) => changes.reduce((text, change) => change(text), sql))
}

/** Checks a property for {@link FUZZ_SECONDS}. */
export function fuzz<T>(values: fc.Arbitrary<T>, check: (value: T) => void): void {
  fc.assert(fc.property(values, check), {
    // CI tries the same mutants each time, so that a change alone decides about its result.
    ...(process.env['CI'] !== undefined && { seed: 20_261_124 }),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: FUZZ_SECONDS * 1_000,
    markInterruptAsFailure: false,
  })
}
