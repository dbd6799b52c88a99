import { describe, expect, it } from 'vitest'

import type { Finding } from '../../src/detect/finding.js'
import {
  suggestOnce,
  suggestOneQuery,
  suggestOneWrite,
  type RepeatedStatement,
} from '../../src/detect/suggestion.js'
import { executionOf, traitsOfText } from './support/executions.js'

const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
const source = (sql: string, column: string | undefined) => ({
  execution: executionOf(sql),
  column,
  callSite: undefined,
})

const statementOf = (sql: string, rest: Partial<RepeatedStatement> = {}): RepeatedStatement => ({
  shape: executionOf(sql).shape,
  traits: traitsOfText(sql),
  nameInCode: (name) => name,
  parameter: 0,
  source: undefined,
  returnsOne: false,
  ...rest,
})

describe('suggestOneQuery', () => {
  const READ = 'select * from comments where post_id = $1'
  const posts = source('select id from posts', 'id')
  const LIST = "load them all with one query before the loop: .where('post_id', 'in', ids)"
  const UNKNOWN = 'load all of them with one query before the loop: where … in (…), or a join'

  it.each<[string, Partial<RepeatedStatement>, string]>([
    [READ, {}, LIST],
    [READ, { parameter: undefined }, UNKNOWN],
    ['select $1', {}, UNKNOWN],
    ['select * from t where name = $1', {}, LIST.replace('post_id', 'name').replace('ids', 'names')],
    [
      'select * from comments c where c.post_id = $1',
      { nameInCode: camelCase },
      LIST.replace('post_id', 'c.postId'),
    ],
    [
      READ,
      { source: posts },
      `${LIST} (ids being the id of all rows of select posts), or with it: jsonArrayFrom(eb.selectFrom('comments')….whereRef('comments.post_id', '=', 'posts.id'))`,
    ],
    [
      READ,
      { source: posts, returnsOne: true, nameInCode: camelCase },
      `${LIST.replace('post_id', 'postId')} (ids being the id of all rows of select posts), or with it: .innerJoin('comments', 'comments.postId', 'posts.id')`,
    ],
    [READ, { source: source('select id from posts', undefined) }, LIST],
    [READ, { source: source('select 1', 'id') }, LIST],
  ])('for %s with %j', (sql, rest, expected) => {
    expect(suggestOneQuery(statementOf(sql, rest))).toBe(expected)
  })
})

describe('suggestOneWrite', () => {
  it.each<[string, string]>([
    [
      'insert into user_tags (a) values ($1)',
      "insert all rows at once: .insertInto('userTags').values([…]) with one object for each row",
    ],
    [
      'delete from user_tags where tag_id = $1',
      "delete all rows at once: .deleteFrom('userTags').where('tagId', 'in', […])",
    ],
    [
      'update user_tags set a = $1 where tenant = $2 and tag_id = $3',
      "update all rows at once: .updateTable('userTags').from(values).set(…).whereRef('userTags.tagId', '=', 'values.tagId'), or .where('tagId', 'in', […]) where all get the same",
    ],
    [
      'update user_tags set a = $1',
      "update all rows at once: .updateTable('userTags').from(values).set(…).whereRef('userTags.id', '=', 'values.id'), or .where('id', 'in', […]) where all get the same",
    ],
  ])('for %s', (sql, expected) => {
    expect(suggestOneWrite(statementOf(sql, { nameInCode: camelCase }))).toBe(expected)
  })
})

describe('suggestOnce', () => {
  it.each<[number, string]>([
    [
      1,
      'load it once in this scope and pass it on, or keep it in a loader or cache for the scope: 3 of 4 calls would be saved',
    ],
    [
      2,
      'load each of them once in this scope and pass it on, or keep it in a loader or cache for the scope: 3 of 4 calls would be saved',
    ],
  ])('for %d sets of parameters', (distinctCount, expected) => {
    expect(suggestOnce({ count: 4, distinctCount, avoidableCount: 3 } as Finding)).toBe(expected)
  })
})
