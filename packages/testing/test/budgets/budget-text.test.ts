import { describe, expect, it } from 'vitest'

import { formatBudgets, parseBudgets } from '../../src/budgets/budget-text.js'
import type { Budgets } from '../../src/budgets/budgets.js'

const budgets: Budgets = new Map([
  [
    'test/books.test.ts > lists "books"',
    new Map([
      ['select books', 1],
      ['select authors', 2],
    ]),
  ],
  ['test/authors.test.ts > lists authors', new Map([['select authors', 1]])],
  ['test/books.test.ts > needs none', new Map()],
  ['__proto__', new Map([['__proto__', 1]])],
  [
    '10',
    new Map([
      ['9', 1],
      ['10', 1],
    ]),
  ],
])

const text = `{
  "version": 1,
  "tests": {
    "10": {
      "10": 1,
      "9": 1
    },
    "__proto__": {
      "__proto__": 1
    },
    "test/authors.test.ts > lists authors": {
      "select authors": 1
    },
    "test/books.test.ts > lists \\"books\\"": {
      "select authors": 2,
      "select books": 1
    },
    "test/books.test.ts > needs none": {}
  }
}
`

describe('formatBudgets', () => {
  it('sorts tests and shapes, with a line for each shape', () => {
    expect(formatBudgets(budgets)).toBe(text)
  })

  it('writes a file without tests', () => {
    expect(formatBudgets(new Map())).toBe('{\n  "version": 1,\n  "tests": {}\n}\n')
  })
})

describe('parseBudgets', () => {
  it('reads what formatBudgets writes', () => {
    expect(parseBudgets(text, 'b.json')).toEqual(budgets)
    expect(parseBudgets(`\uFEFF${text}`, 'b.json')).toEqual(budgets)
  })

  const file = 'The file of budgets b.json'
  it.each<[string, string, string]>([
    ['an empty file', '', `${file} is not JSON.`],
    ['no JSON', '{\n  "version": 1\n  "tests": {}\n}', `${file} is not JSON (line 3 column 3).`],
    ['a secret', 'PASSWORD=s3cret', `${file} is not JSON.`],
    ['a list', '["s3cret"]', `${file} holds an array of 1 in place of budgets.`],
    ['no version', '{ "tests": {} }', `${file} has no version, but this Querylens reads version 1.`],
    ['another version', '{ "version": 2 }', `${file} has as its version the number 2, but`],
    ['no tests', '{ "version": 1 }', `${file} has to hold an object as "tests", but holds undefined.`],
    [
      'another field',
      '{ "version": 1, "tests": {}, "note": "s3cret" }',
      `${file} has the field "note", which`,
    ],
    [
      'a total',
      '{ "version": 1, "tests": { "a > b": 3 } }',
      'an object as tests["a > b"], but holds the number 3.',
    ],
    [
      'a negative number',
      '{ "version": 1, "tests": { "a": { "select books": -1 } } }',
      'a whole number from 0 as tests["a"]["select books"], but holds the number -1.',
    ],
    ['a fraction', '{ "version": 1, "tests": { "a": { "b": 1.5 } } }', 'but holds the number 1.5.'],
    [
      'a word',
      '{ "version": 1, "tests": { "a": { "b": "s3cret" } } }',
      'but holds a string of 6 characters.',
    ],
  ])('rejects %s', (_, wrong, message) => {
    const error = errorOf(wrong)
    expect(error.message).toContain(message)
    expect(error).toMatchObject({ code: 'QUERYLENS_FILE' })
    expect(`${error.stack} ${String(error.cause)}`).not.toContain('s3cret')
  })

  it.each(['\n', '\r\n'])('names the line of a conflict marker', (newline) => {
    const lines = [
      '{',
      '  "version": 1,',
      '<<<<<<< HEAD',
      '  "tests": {}',
      '=======',
      '  "tests": {}',
      '>>>>>>> b',
      '}',
    ]
    expect(errorOf(lines.join(newline)).message).toContain('has a conflict marker of a merge in line 3.')
  })
})

function errorOf(wrong: string): Error {
  try {
    parseBudgets(wrong, 'b.json')
  } catch (error) {
    return error as Error
  }
  throw new Error('It did not throw.')
}
