import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../src/sql/query-shape.js'
import { shapeOf } from '../src/sql/shape-cache.js'

describe('analyzeQuery', () => {
  it('gives one fingerprint to texts that differ in white space alone', () => {
    const shape = analyzeQuery('select *\n  from "orders"\n where id = $1')
    expect(shape.text).toBe('select * from "orders" where id = $1')
    expect(shape.fingerprint).toMatch(/^q1:[0-9a-f]{16}$/)
    expect(analyzeQuery(' select * from "orders" where id = $1 ').fingerprint).toBe(shape.fingerprint)
    expect(analyzeQuery('select * from "orders" where no = $1').fingerprint).not.toBe(shape.fingerprint)
  })

  it.each([
    ['select * from "orders" where id = $1', 'select orders', 'select'],
    ['insert into "public"."orders" ("id") values ($1)', 'insert public.orders', 'insert'],
    ['update `orders` set a = ?', 'update orders', 'update'],
    ['begin', 'begin', 'begin'],
    ['', '', undefined],
    ['with x as (select 1) select * from x', 'with', 'with'],
  ])('summarises %s', (sql, summary, operation) => {
    expect(analyzeQuery(sql)).toMatchObject({ summary, operation })
  })

  it.each([
    ["select * from t where name = 'secret'"],
    ['select * from t where id = 4711'],
    ['select $$secret$$'],
    ['select $tag$secret$tag$'],
    ['select * from t where x = -1.5e3'],
    ["select 'from secret'"],
  ])('keeps literals to itself: %s', (sql) => {
    const { sanitizedText, summary } = analyzeQuery(sql)
    expect(sanitizedText).toBeUndefined()
    expect(summary).toBe('select')
  })

  it.each([['select "column_2" from t1 where a = $12 and b = ?']])(
    'lets parameterised text pass: %s',
    (sql) => {
      expect(analyzeQuery(sql).sanitizedText).toBe(sql)
    },
  )
})

describe('shapeOf', () => {
  it('returns one object for one text', () => {
    expect(shapeOf('select 1 as one')).toBe(shapeOf('select 1 as one'))
  })

  it('looks at the beginning of a very long statement, and does not keep it', () => {
    const long = `insert into t values ${Array.from({ length: 100_000 }, (_, index) => `($${index})`).join(', ')}`
    const shape = shapeOf(long)
    expect(shape).toMatchObject({ operation: 'insert', summary: 'insert t' })
    expect(shape.sanitizedText?.length).toBeLessThanOrEqual(8_192)
    expect(shapeOf(long)).not.toBe(shape)
    expect(shapeOf(long)).toEqual(shape)
    expect(shapeOf(`${'select $1, '.repeat(1_000)} 'secret'`).sanitizedText).not.toContain('secret')
  })

  it('forgets what has not been used for long, and nothing that is', () => {
    const kept = shapeOf('select kept')
    const forgotten = shapeOf('select forgotten')
    for (let count = 0; count < 10_000; count++) {
      shapeOf(`select column_${count}`)
      if (count % 100 === 0) shapeOf('select kept')
    }
    expect(shapeOf('select kept')).toBe(kept)
    expect(shapeOf('select forgotten')).not.toBe(forgotten)
  })
})
