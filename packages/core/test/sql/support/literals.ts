import fc from 'fast-check'

import { scanTokens } from './corpus.ts'

/** Occurs in every literal that a test plants, and nowhere else. */
export const MARKER = 'qlsecretmarker'

const NUMBERS = fc.oneof(
  fc.nat().map(String),
  fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value.toString()),
  fc.constantFrom('0x1F', '0b101', '0o17', '1_000', '.5', '5.', '1e10', '2.5e-3'),
)

const CONTENTS = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', ' ', "'", '"', '--', '/*', '*/', '\\', '$$', '\n', ';'),
)

/** String literals of PostgreSQL with all kinds of quotes and with `inside` in them. */
export const stringLiterals = (inside = ''): fc.Arbitrary<string> =>
  fc.tuple(CONTENTS, CONTENTS).chain(([before, after]) => {
    const content = before + inside + after
    return fc.constantFrom(
      `'${content.replaceAll("'", "''")}'`,
      `E'${content.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
      `$q1$${content.replaceAll('$', '')}$q1$`,
      `$$${content.replaceAll('$', '')}$$`,
      `U&'${content.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    )
  })

const NUMBER_NAMES = new Set(['ICONST', 'FCONST'])

/** Replaces each literal of a statement by another one of the same kind. */
export function withOtherLiterals(sql: string): fc.Arbitrary<string> {
  const literals = scanTokens(sql).filter(
    ({ name, start }) =>
      NUMBER_NAMES.has(name) ||
      // Other quotes would turn the literal `N'x'` into the name `n$$x$$`.
      (name === 'SCONST' && !/\w/.test(sql[start - 1] ?? '')),
  )
  if (literals.length === 0) return fc.constant(sql)
  const replacements = literals.map(({ name }) => (name === 'SCONST' ? stringLiterals() : NUMBERS))
  return fc.tuple(...replacements).map((texts) => {
    let result = ''
    let from = 0
    literals.forEach(({ start, end }, index) => {
      result += sql.slice(from, start) + texts[index]
      from = end
    })
    return result + sql.slice(from)
  })
}

/** Plants a literal with {@link MARKER} before one of the statement's tokens or at its end. */
export function withPlantedLiteral(sql: string): fc.Arbitrary<string> {
  const offsets = [...scanTokens(sql).map(({ start }) => start), sql.length]
  return fc
    .tuple(fc.constantFrom(...offsets), stringLiterals(MARKER))
    .map(([offset, literal]) => `${sql.slice(0, offset)} ${literal} ${sql.slice(offset)}`)
}
