import { DatabaseSync } from 'node:sqlite'

import fc from 'fast-check'

// Characters for private use stand for what is planted until a text is complete: no change of it can cut one in two,
// and one that is doubled becomes two.
const STRING = '\ue000'
const NUMBER = '\ue001'
const HEX_BYTES = '\ue002'
const HEX_NUMBER = '\ue003'

/** Something to be found again wherever it gets. */
export interface Marker {
  /** As SQLite shows it once it has read it, without the points of numbers. */
  readonly value: string
  /** As it stands in the text, in lower case, without points and `_`. */
  readonly written: string
}

/** A text and what was planted in it, each once. */
export interface MarkedText {
  readonly sql: string
  readonly markers: readonly Marker[]
}

/** A statement that SQLite takes, of any lexical form, with places for markers in its literals and comments. */
export const sqliteStatements: fc.Arbitrary<string> = statements()

/** Puts a marker of its own in each place that is left of a statement of {@link sqliteStatements}. */
export function withMarkers(text: string): MarkedText {
  const markers: Marker[] = []
  const sql = text.replace(/[\ue000-\ue003]/g, (place) => {
    const number = 867_530_911 + markers.length
    const name = `qlsecret${markers.length}x`
    const bytes = Buffer.from(name).toString('hex')
    const marker = {
      [STRING]: { value: name, written: name },
      [NUMBER]: { value: String(number), written: String(number) },
      [HEX_BYTES]: { value: name, written: bytes },
      [HEX_NUMBER]: { value: String(number), written: number.toString(16) },
    }[place]!
    markers.push(marker)
    return marker.written
  })
  return { sql, markers }
}

/** A text of which a failure told, with the markers that can be seen in it. */
export function withItsMarkers(sql: string): MarkedText {
  const found = sql.match(/qlsecret\d+x|867530\d{3}/g) ?? []
  return { sql, markers: found.map((marker) => ({ value: marker, written: marker })) }
}

const database = new DatabaseSync(':memory:')
// Every column can be named in all quotes; their names hold what would begin something else outside of them.
database.exec(`
  create table t (a, b, c, "it's", "say ""x""", "back\`tick", "-- no", "/* no", "$no", "open [");
  create table "order's" (id integer primary key, "n'" text, t_id)`)

/**
 * What SQLite itself takes for literals in the first statement of a text, without the points of numbers; `undefined`
 * if it does not understand it. Nothing is run.
 *
 * @see https://www.sqlite.org/opcode.html
 */
export function literalsOfSqlite(sql: string): readonly string[] | undefined {
  let program
  try {
    program = database.prepare(`explain ${sql}`).all()
  } catch {
    return undefined
  }
  // The program of a definition holds its text.
  if (program.some(({ opcode }) => opcode === 'ParseSchema')) return undefined
  return program.flatMap(({ opcode, p1, p4 }) => {
    switch (opcode) {
      case 'Integer':
        return [String(p1)]
      case 'Int64':
      case 'Real':
        return [String(p4).replace('.', '')]
      case 'String8':
      case 'Blob':
        return [String(p4)]
      default:
        return []
    }
  })
}

function statements(): fc.Arbitrary<string> {
  const contents = fc.constantFrom(
    STRING,
    `${STRING}''`,
    `''${STRING}''`,
    `it''s ${STRING}`,
    `\\${STRING}\\`,
    `${STRING}\\''`,
    `"${STRING}`,
    `${STRING}" /* `,
    `-- ${STRING}`,
    `*/ ${STRING} /*`,
    `[${STRING}`,
    `${STRING}]`,
    `\`${STRING}`,
    `$$${STRING}`,
    `$a$ ${STRING}`,
    `;\n${STRING}`,
    `${STRING}\r`,
    `ü🙂${STRING}`,
    `, ''${STRING}'', `,
  )
  const strings = contents.map((content) => `'${content}'`)
  const numbers = fc.constantFrom(
    NUMBER,
    `1_${NUMBER}`,
    `${NUMBER}_0`,
    `${NUMBER}.5`,
    `${NUMBER}.`,
    `.${NUMBER}`,
    `0.${NUMBER}`,
    `${NUMBER}e1`,
    `${NUMBER}E-3`,
    `${NUMBER}.2_5e+1`,
    `0x${HEX_NUMBER}`,
    `0X0_${HEX_NUMBER}`,
  )
  const blobs = fc.constantFrom(`x'${HEX_BYTES}'`, `X'00${HEX_BYTES}'`, `x'${HEX_BYTES}41'`)
  const literals = fc.oneof({ weight: 3, arbitrary: strings }, { weight: 2, arbitrary: numbers }, blobs)
  const parameters = fc.constantFrom('?', '?1', ':a', '@a', '$a', '$1', ':1', '@1', '$a::b', '$a::b(c)')
  const columns = fc.constantFrom(
    'a',
    '"b"',
    '[c]',
    '`a`',
    't.a',
    '"t"."b"',
    '[t].[c]',
    '"it\'s"',
    "[it's]",
    "`it's`",
    '"say ""x"""',
    '[say "x"]',
    '`back``tick`',
    '"back`tick"',
    '[-- no]',
    '"-- no"',
    '`/* no`',
    '"/* no"',
    '[$no]',
    '"open ["',
    '[open []',
    'null',
    'current_date',
  )
  const operators = fc.constantFrom(
    '+',
    '-',
    '*',
    '/',
    '%',
    '||',
    '=',
    '==',
    '<>',
    '!=',
    '<',
    '<<',
    '>>',
    '&',
    '|',
    '->',
    '->>',
    'and',
    'or',
    'is',
    'is not',
    'is not distinct from',
    'like',
    'not like',
    'glob',
    'collate nocase <=',
  )
  const types = fc.constantFrom('text', 'int', 'varchar(10)', 'decimal(10, 2)', '"double precision"')
  const functions = fc.constantFrom('coalesce', 'max', '"max"', '[min]', '`min`', 'printf', 'json_array')
  const aliases = fc.constantFrom('x', 'as x', '"x y"', 'as [x y]', "as 'x'", '`z"`')
  const compounds = fc.constantFrom('union all', 'union', 'except', 'intersect')

  const { expression, query } = fc.letrec<{ expression: Token[]; query: Token[] }>((tie) => {
    const e = tie('expression')
    const q = tie('query')
    return {
      expression: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        { weight: 6, arbitrary: tokens`${literals}` },
        { weight: 2, arbitrary: tokens`${columns}` },
        { weight: 1, arbitrary: tokens`${parameters}` },
        { weight: 4, arbitrary: tokens`${e} ${operators} ${e}` },
        tokens`( ${e} )`,
        tokens`- ${e}`,
        tokens`not ${e}`,
        tokens`${functions} ( ${e} , ${e} )`,
        tokens`cast ( ${e} as ${types} )`,
        tokens`case when ${e} then ${e} else ${e} end`,
        tokens`${e} in ( ${e} , ${e} , ${e} )`,
        tokens`( ${e} , ${e} ) in ( values ( ${e} , ${e} ) )`,
        tokens`${e} between ${e} and ${e}`,
        tokens`( ${e} like ${e} escape '\' )`,
        tokens`exists ( ${q} )`,
        tokens`( ${q} limit ${literals} )`,
      ),
      query: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        { weight: 3, arbitrary: tokens`select ${e} from t where ${e}` },
        tokens`select ${e} ${aliases} from t`,
        tokens`select ( ${q} ) from t`,
        tokens`select ${e} from t ${compounds} select ${e} from t`,
        tokens`select * from ( ${q} ) ${aliases}`,
        tokens`select ${e} from t join [order's] on ${e} group by - ${e} having ${e}`,
        tokens`select * from ( select distinct ${e} from t order by - ${e} desc limit ${literals} )`,
        tokens`select count(*) filter ( where ${e} ) over ( partition by ${e} ) from t`,
        tokens`select * from ( with w ( a ) as ( ${q} ) select * from w )`,
      ),
    }
  })
  const rows = tokens`values ( ${literals} , - ${literals} ) , ( ${literals} , ${parameters} )`
  const statement = fc.oneof(
    { weight: 6, arbitrary: query },
    rows,
    tokens`insert into t ( a , "it's" ) ${rows} returning ${expression}`,
    tokens`insert or ignore into "order's" ( id , ${"`n'`"} ) select ${expression} , ${expression} from t`,
    tokens`insert into [order's] ( id ) values ( ${literals} ) on conflict do update set t_id = ${literals}`,
    tokens`update t set a = ${expression} , [it's] = ${expression} where ${expression}`,
    tokens`delete from t where ${expression}`,
    tokens`with w ( a ) as materialized ( ${query} ) select ${expression} from t`,
  )
  const spaces = fc.constantFrom(
    '',
    '',
    ' ',
    ' ',
    ' ',
    '\n',
    '\t',
    '\f',
    '\r\n',
    '/**/',
    '/***/',
    `/* ${STRING} */`,
    `/* ' ${STRING} */`,
    `/* /* ${STRING} */`,
    `/*" [\`${STRING}*/`,
    `-- ${STRING}\n`,
    `--${STRING}\n`,
    `--' ${STRING}\n`,
    `-- \r' ${STRING}\n`,
    `--/* ${STRING}\n`,
  )
  return fc
    .tuple(statement, fc.array(spaces, { minLength: 7, maxLength: 7 }))
    .map(([tokens, between]) => join(tokens, between))
}

type Token = string

/** What stands between spaces is a token, and what is put in gives one or more. */
function tokens(
  { raw }: TemplateStringsArray,
  ...pieces: readonly (Token | fc.Arbitrary<Token> | fc.Arbitrary<Token[]>)[]
): fc.Arbitrary<Token[]> {
  const parts = raw.flatMap((text, index) => {
    const fixed = text.split(' ').filter((word) => word !== '')
    return index < pieces.length ? [...fixed, pieces[index]!] : fixed
  })
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((values) => values.flat())
}

function join(tokens: readonly Token[], between: readonly string[]): string {
  let text = ''
  tokens.forEach((token, index) => {
    const space = between[index % between.length]!
    text += space === '' && wouldJoin(text, token) ? ' ' : space
    text += token
  })
  return text
}

/** Whether the token would go on with what stands in front of it. */
function wouldJoin(text: string, token: Token): boolean {
  return /[\w$.\ue000-\ue003]$/.test(text)
    ? /^[\w$.(\ue000-\ue003']/.test(token)
    : /[-/]$/.test(text) && /^[-*]/.test(token)
}
