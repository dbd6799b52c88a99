import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { analyzeQuery } from '@querylens/core'
import { fingerprintSync, loadModule } from 'libpg-query'

import { createShapeCache } from '../dist/sql/shape/shape-cache.js'

/** Typical statements of an application. */
const STATEMENTS: readonly string[] = [
  'select "id", "status" from "orders" where "customer_id" = $1 order by "id" limit $2',
  "select * from orders where status = 'open' and id in (1, 2, 3, 4, 5) limit 20",
  'insert into "order_items" ("order_id", "product_id", "quantity") values ($1, $2, $3), ($4, $5, $6) returning "id"',
  'update "products" set "stock" = "stock" - $1 where "id" = $2 and "stock" >= $3',
  `select "o"."id", "o"."created_at", "c"."name", count(*) as "items" from "orders" as "o"
   inner join "customers" as "c" on "c"."id" = "o"."customer_id"
   left join "order_items" as "i" on "i"."order_id" = "o"."id"
   where "o"."status" = $1 and "o"."created_at" > $2 group by "o"."id", "c"."name"
   having count(*) > $3 order by "o"."created_at" desc limit $4 offset $5`,
  `with "late" as (select "id" from "loans" where "due" < now() - interval '3 days')
   select coalesce(json_agg("agg"), '[]') from (select * from "late" where "id" = any($1)) as "agg"`,
]

/** Work to measure. */
export interface ShapeSubject {
  readonly name: string
  /** Runs once over all statements. */
  run(): void
  /** Number of statements that one run reads. */
  readonly size: number
}

/** The shape of Querylens with and without its cache, and the fingerprint of libpg-query. */
export async function shapeSubjects(): Promise<readonly ShapeSubject[]> {
  await loadModule()
  const options = { dialect: 'postgresql' }
  const cache = createShapeCache({ dialect: 'postgresql' })
  for (const sql of STATEMENTS) cache.get(sql)
  const over = (read: (sql: string) => unknown) => (): void => {
    for (const sql of STATEMENTS) read(sql)
  }
  const size = STATEMENTS.length
  return [
    { name: 'shape, cached', size, run: over((sql) => cache.get(sql)) },
    // A query builder creates a new string for each query, so the cache has to hash it.
    { name: 'shape, cached, text written anew', size, run: over((sql) => cache.get(rewritten(sql))) },
    { name: 'writing a text anew', size, run: over((sql) => rewritten(sql).charCodeAt(0)) },
    { name: 'shape, uncached', size, run: over((sql) => analyzeQuery(sql, options)) },
    { name: 'fingerprint of libpg-query', size, run: over((sql) => fingerprintSync(sql)) },
    {
      name: 'list of 1,000',
      size: 1,
      run: () => void analyzeQuery(listOf(1_000), { ...options, maxLength: Infinity }),
    },
    {
      name: 'list of 100,000',
      size: 1,
      run: () => void analyzeQuery(listOf(100_000), { ...options, maxLength: Infinity }),
    },
  ]
}

const lists = new Map<number, string>()

function listOf(length: number): string {
  let list = lists.get(length)
  if (list === undefined) {
    const rows = Array.from({ length }, (_, index) => `($${2 * index + 1}, $${2 * index + 2}, 'x')`)
    lists.set(length, (list = `insert into t (a, b, c) values ${rows.join(', ')} returning a`))
  }
  return list
}

function rewritten(sql: string): string {
  return Buffer.from(sql, 'latin1').toString('latin1')
}

/**
 * The heap after a million queries with 100,000 texts, divided by the heap after the first 100,000.
 */
export function heapGrowth(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const cache = createShapeCache({ dialect: 'postgresql' })
  const heapAfter = (queries: number): number => {
    for (let count = 0; count < queries; count++) {
      cache.get(`select * from orders where id = ${count % 100_000} and status = 'open'`)
    }
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = heapAfter(100_000)
  return heapAfter(900_000) / before
}
