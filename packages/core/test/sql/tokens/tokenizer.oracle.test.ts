import { describe, expect, it } from 'vitest'

import { lexicalRulesOf } from '../../../src/sql/tokens/dialect.js'
import { TokenKind } from '../../../src/sql/tokens/token-kind.js'
import { Tokenizer } from '../../../src/sql/tokens/tokenizer.js'
import { ownFiles, postgresFiles, scanTokens } from '../support/corpus.ts'

/** The rules with `standard_conforming_strings` on, as in `libpg-query`. */
const rules = { ...lexicalRulesOf('postgresql'), backslashEscapes: 'no' } as const

describe('Tokenizer', () => {
  it('is tested with more than a hundred files', () => {
    expect(postgresFiles.length).toBeGreaterThan(100)
    expect(ownFiles.length).toBeGreaterThan(3)
  })

  it.each([...ownFiles, ...postgresFiles])(
    'finds in $name the tokens that the scanner of PostgreSQL finds',
    ({ sql }) => {
      const theirs = scanTokens(sql).map(({ start, end }) => sql.slice(start, end))
      expect(tokensOf(sql)).toEqual(theirs)
    },
  )

  it.each([
    'select 1..10, 1.5.5, .5, 5., 1e5, 1e-5, 0x1F, 0o17, 0b11, 1_000',
    'select a=-1, a- -1, a<>-1, @-1, a+-b, a*-b, a||-b, 2^-1, a->>-1, a <-> b, a!==-b',
    "select 'a'\n 'b', 'a' 'b', e'a'\n'\\'b', 'a'\n\n'b'\r'c'",
    'select $1, $1a, $a$x$a$, $$y$$, $a$ $b$ $a$, a$1, a$$, $1$$x$$',
    'select a::int, a:=1, f(a=>2), x[1:2], x[a:b], :a, a.b.c, a . b, a..b',
    `select E'\\'a', U&'\\0061' UESCAPE '!', N'x', b'01', X'1F', "a""b", U&"d!0061" UESCAPE '!'`,
    'select /* a /* b */ c */ 1 -- d\r\n, 2 /**/ /***/ /*/ */ + /*a*/-/*b*/ 3 --',
    'select ü, x\u00a0y, \u2028, 日本, 🙂, "🙂"',
    'select ~1, #2, a #> b, a # b, a @> b, a ? b, a ?| b, |/ 4, ||/ 27, !!3, `a`, a\\b, {x}',
    'select 1 ;;; select\t2\f;\v',
  ])('finds in %j the tokens that the scanner of PostgreSQL finds', (sql) => {
    const theirs = scanTokens(sql).map(({ start, end }) => sql.slice(start, end))
    expect(tokensOf(sql)).toEqual(theirs)
  })

  it('joins strings over a comment, as a server does and the scanner of libpg-query does not', () => {
    expect(tokensOf("select 'a' -- x\n 'b', 'c'--\n--\n'd'")).toEqual([
      'select',
      "'a' -- x\n 'b'",
      ',',
      "'c'--\n--\n'd'",
    ])
  })
})

function tokensOf(sql: string): readonly string[] {
  const tokenizer = new Tokenizer()
  const tokens: string[] = []
  tokenizer.begin(sql, rules)
  for (tokenizer.next(); tokenizer.kind !== TokenKind.End; tokenizer.next()) {
    tokens.push(sql.slice(tokenizer.start, tokenizer.end))
  }
  return tokens
}
