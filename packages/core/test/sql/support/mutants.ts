import { readFileSync } from 'node:fs'

import fc from 'fast-check'

/** `QUERYLENS_FUZZ_SECONDS=3600` for a long one; on a developer's machine a short one. For all properties together. */
const SECONDS = Number(process.env['QUERYLENS_FUZZ_SECONDS'] ?? (process.env['CI'] === undefined ? 5 : 60))
const PROPERTIES = 3

/** How long each property is tried. */
export const FUZZ_SECONDS: number = SECONDS / PROPERTIES

/** For a test that tries a property. */
export const FUZZ_TIMEOUT: number = SECONDS * 1_000 + 60_000

/** Texts that were wrong once; a failure prints the text that belongs here. */
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
]

type Mutation = (text: string) => string

/** Any place is as likely as any other: of the doubles below 1 nearly all are next to 0. */
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

/** Statements with so many changes, each of which most likely breaks them. */
export function mutantsOf(
  statements: fc.Arbitrary<string>,
  { minChanges, maxChanges }: { readonly minChanges: number; readonly maxChanges: number },
): fc.Arbitrary<string> {
  return fc
    .tuple(statements, fc.array(mutations, { minLength: minChanges, maxLength: maxChanges }))
    .map(([sql, changes]) => changes.reduce((text, change) => change(text), sql))
}

/** Tries a property for its share of the time. */
export function fuzz<T>(values: fc.Arbitrary<T>, check: (value: T) => void): void {
  fc.assert(fc.property(values, check), {
    // The same mutants each time where a change is judged; new ones wherever else it runs.
    ...(process.env['CI'] !== undefined && { seed: 20_261_124 }),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: FUZZ_SECONDS * 1_000,
    markInterruptAsFailure: false,
  })
}
