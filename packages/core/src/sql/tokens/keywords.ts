import { WORD_PRIME_A, WORD_PRIME_B, WORD_SEED_A, WORD_SEED_B } from './token-hash.js'

/** Facts about a word, as bits. */
export const WordFact = {
  /** The word is a name only in quotes. */
  Reserved: 1,
  /** The word is reserved and ends an operand. A sign after it is an operator: `null - 1`. */
  Operand: 2,
  /** The word begins a type before a literal: `date '2026-11-24'`. */
  Type: 4,
  /** The word continues a type: `timestamp with time zone '…'`. */
  TypeTail: 8,
  /** The word narrows an interval after its literal: `interval '1' day to second`. */
  IntervalField: 16,
  /** The word is `true`, `false` or `null`. */
  Constant: 32,
  /** The word ends a list of tables. */
  EndsTables: 64,
  /** The SQL standard allows the type before a literal. `n` is the prefix of `N'…'`. */
  StandardType: 128,
  /** The name of the type may have further words: `double precision`, `timestamp with time zone`. */
  TypeHead: 256,
  /** The word ends a condition in front of it, such as `GROUP` and the `LEFT` of a join. */
  EndsCondition: 512,
  /** A condition follows the word. */
  BeginsCondition: 1024,
  /** The word separates alternatives: `OR`, and the words of a `CASE`. */
  Branches: 2048,
  /** Words behind it may be names or values that would read as something else: `IDENTIFIED BY x`. */
  Watched: 4096,
} as const

const {
  Reserved,
  Operand,
  Type,
  TypeTail,
  IntervalField,
  Constant,
  EndsTables,
  StandardType,
  TypeHead,
  EndsCondition,
  BeginsCondition,
  Branches,
  Watched,
} = WordFact

/** The keywords that a rule depends on; 0 stands for any other word. SELECT to WITH begin a query. */
export const Keyword = {
  SELECT: 1,
  INSERT: 2,
  UPDATE: 3,
  DELETE: 4,
  MERGE: 5,
  REPLACE: 6,
  VALUES: 7,
  TABLE: 8,
  WITH: 9,
  RECURSIVE: 10,
  AS: 11,
  FROM: 12,
  JOIN: 13,
  INTO: 14,
  USING: 15,
  ON: 16,
  SET: 17,
  IN: 18,
  ARRAY: 19,
  CAST: 20,
  IS: 21,
  NOT: 22,
  DISTINCT: 23,
  ONLY: 24,
  LATERAL: 25,
  INNER: 26,
  OUTER: 27,
  INTERVAL: 28,
  DEFAULT: 29,
  BY: 31,
  FOR: 33,
  APPLY: 34,
  STRAIGHT_JOIN: 35,
  ORDER: 41,
  GROUP: 42,
  UNION: 43,
  EXCEPT: 44,
  INTERSECT: 45,
  ALL: 46,
  AT: 47,
  ROW: 48,
  ROLLUP: 49,
  CUBE: 50,
  GROUPING: 51,
  SETS: 52,
  UESCAPE: 53,
  ASC: 54,
  DESC: 55,
  DIV: 56,
  MOD: 57,
  OFFSET: 58,
  IDENTIFIED: 59,
  EXEC: 60,
  EXECUTE: 61,
  TO: 62,
  PASSWORD: 63,
  SYSTEM_TIME: 64,
  OUTPUT: 65,
  OR: 66,
  CASE: 67,
  WHEN: 68,
  THEN: 69,
  ELSE: 70,
  END: 71,
  VIA: 72,
  WHERE: 73,
  HAVING: 74,
} as const

/** Words, among them the keywords, with the facts that hold for them. */
const FACTS: readonly (readonly [words: string, facts: number])[] = [
  ['select table as from join into using by', Reserved | EndsCondition],
  ['on', Reserved | EndsCondition | BeginsCondition],
  [`in array cast is not distinct only lateral inner outer do create all`, Reserved],
  [
    `insert update delete merge replace values recursive row rollup cube grouping sets uescape div mod password
     output via`,
    0,
  ],
  ['apply straight_join exec execute', EndsCondition],
  ['identified system_time', Watched],
  [`with`, Reserved | TypeTail],
  [`set`, EndsTables | EndsCondition],
  [`interval`, Type],
  [`default`, Reserved | Operand],
  [`end`, Reserved | Operand | Branches],
  [`or case then else`, Reserved | Branches],
  [`when`, Reserved | Branches | BeginsCondition],
  [`null true false`, Reserved | Operand | Constant],
  [
    `for order group union limit offset fetch window except intersect returning`,
    Reserved | EndsTables | EndsCondition,
  ],
  ['where having', Reserved | EndsTables | EndsCondition | BeginsCondition],
  ['cross full left natural right', Reserved | EndsCondition],

  [
    `analyse analyze and any asc asymmetric both check collate column constraint deferrable desc foreign
     grant initially leading placing primary references some symmetric trailing unique variadic
     authorization binary concurrently freeze ilike isnull like notnull overlaps similar
     tablesample verbose between escape collation`,
    Reserved,
  ],
  [
    `current_catalog current_date current_role current_time current_timestamp current_user localtime
     localtimestamp session_user system_user user current_schema`,
    Reserved | Operand,
  ],
  [
    `timestamptz timetz numeric decimal dec int integer bigint smallint int2 int4 int8 real
     float float4 float8 bool boolean text varchar bpchar json jsonb jsonpath uuid
     bytea inet cidr macaddr macaddr8 money point box polygon circle line lseg path xml tsquery tsvector oid
     regclass regproc regprocedure regtype regrole regnamespace name int4range int8range numrange
     daterange tsrange tstzrange`,
    Type,
  ],
  ['double nchar national bit', Type | TypeHead],
  ['character char', Type | TypeHead | TypeTail],
  ['at', 0],
  ['to', Reserved | IntervalField],
  ['time', Type | TypeHead | TypeTail | StandardType],
  ['timestamp', Type | TypeHead | StandardType],
  ['date n', Type | StandardType],
  ['without zone precision varying', TypeTail],
  ['year month day hour minute second', IntervalField],
]

const SLOT_BITS = 11
const SLOTS = 1 << SLOT_BITS

// A hash table with open addressing. The tokenizer has the hash of each word, so a look-up slices no text.
const lanesA = new Int32Array(SLOTS)
const lanesB = new Int32Array(SLOTS)
/** The keyword in the lowest eight bits, the facts in the bits above; 0 for an empty slot. */
const values = new Int32Array(SLOTS)

/** The hash of a word in lower case, as the tokenizer computes it. */
export function lanesOf(word: string): readonly [a: number, b: number] {
  let a = WORD_SEED_A
  let b = WORD_SEED_B
  for (let index = 0; index < word.length; index++) {
    const code = word.charCodeAt(index)
    a = Math.imul(a ^ code, WORD_PRIME_A)
    b = Math.imul(b ^ code, WORD_PRIME_B)
  }
  return [a, b]
}

function define(word: string, value: number): void {
  const [a, b] = lanesOf(word)
  let slot = a >>> (32 - SLOT_BITS)
  while (values[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
  lanesA[slot] = a
  lanesB[slot] = b
  values[slot] = value
}

const numbers: Readonly<Record<string, number>> = Keyword
for (const [words, facts] of FACTS) {
  for (const word of words.split(/\s+/)) define(word, (facts << 8) | (numbers[word.toUpperCase()] ?? 0))
}

/**
 * Finds a word by the hash of its lower-case form.
 *
 * @returns the {@link Keyword} in the lowest eight bits and the {@link WordFact}s in the bits above; 0 for an unknown word
 */
export function lookUpWord(a: number, b: number): number {
  let slot = a >>> (32 - SLOT_BITS)
  for (;;) {
    const value = values[slot]!
    if (value === 0 || (lanesA[slot] === a && lanesB[slot] === b)) return value
    slot = (slot + 1) & (SLOTS - 1)
  }
}

/** The {@link WordFact}s of a word that is given in lower case. */
export function factsOf(word: string): number {
  return lookUpWord(...lanesOf(word)) >>> 8
}
