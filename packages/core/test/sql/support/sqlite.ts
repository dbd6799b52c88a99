import { DatabaseSync } from 'node:sqlite'

import fc from 'fast-check'

// Characters for private use mark the places of markers until a text is complete. A mutation cannot cut one in two,
// and doubles a marker by doubling its character.
const STRING = '\ue000'
const NUMBER = '\ue001'
const HEX_BYTES = '\ue002'
const HEX_NUMBER = '\ue003'

/** A value that a test can find again. */
export interface Marker {
  /** The value as SQLite shows it after reading it, without decimal points. */
  readonly value: string
  /** The value as it stands in the text, in lower case, without points and `_`. */
  readonly written: string
}

/** A text and the markers in it, each of which occurs once. */
export interface MarkedText {
  readonly sql: string
  readonly markers: readonly Marker[]
}

/** Statements that SQLite accepts, in all lexical forms, with places for markers in their literals and comments. */
export const sqliteStatements: fc.Arbitrary<string> = statements()

/** Puts a different marker in each remaining place of a statement of {@link sqliteStatements}. */
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

/** Finds the markers in a text that a failed test has printed. */
export function withItsMarkers(sql: string): MarkedText {
  const found = sql.match(/qlsecret\d+x|867530\d{3}/g) ?? []
  return { sql, markers: found.map((marker) => ({ value: marker, written: marker })) }
}

const database = new DatabaseSync(':memory:')
// The names of the columns hold quotes and the beginnings of comments, strings and identifiers.
database.exec(`
  create table t (a, b, c, "it's", "say ""x""", "back\`tick", "-- no", "/* no", "$no", "open [");
  create table "order's" (id integer primary key, "n'" text, t_id)`)

/**
 * The literals that SQLite finds in the first statement of a text, without decimal points.
 *
 * SQLite compiles the statement and does not run it.
 *
 * @returns `undefined` if SQLite does not understand the statement
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
  // The program of a definition holds the text of the statement.
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

/** Makes tokens of the words of a template and of the values that are put in. */
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

/** Whether the token would join the text before it. */
function wouldJoin(text: string, token: Token): boolean {
  return /[\w$.\ue000-\ue003]$/.test(text)
    ? /^[\w$.(\ue000-\ue003']/.test(token)
    : /[-/]$/.test(text) && /^[-*]/.test(token)
}
