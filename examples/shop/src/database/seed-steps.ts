import { sql, type RawBuilder } from 'kysely'

/** A table with numbered rows. The items of orders are inserted with the orders. */
export type SeedTable = 'customers' | 'products' | 'orders' | 'reviews'

/** The range of rows to insert, `first` and `last` included. */
export interface SeedBatch {
  readonly first: number
  readonly last: number
  readonly sizes: Readonly<Record<SeedTable, number>>
}

/** The steps, in an order that satisfies all foreign keys. */
export const SEED_STEPS: readonly {
  readonly table: SeedTable
  readonly insert: (batch: SeedBatch) => readonly RawBuilder<unknown>[]
}[] = [
  { table: 'customers', insert: (batch) => [insertCustomers(batch)] },
  { table: 'products', insert: (batch) => [insertProducts(batch)] },
  { table: 'orders', insert: (batch) => [insertOrders(batch), insertOrderItems(batch)] },
  { table: 'reviews', insert: (batch) => [insertReviews(batch)] },
]

const HASH_BITS = 28

/** A pseudorandom number from 0 to 2^28 - 1, which depends only on the purpose and the row's number. */
function hash(purpose: string, row = sql`i`): RawBuilder<number> {
  const digits = sql.lit(HASH_BITS / 4)
  return sql`('x' || left(md5(${sql.lit(purpose)} || ${row}), ${digits}))::bit(${sql.lit(HASH_BITS)})::int`
}

/** A number from 0 to `count` - 1, evenly distributed. */
function evenly(purpose: string, count: number, row = sql`i`): RawBuilder<number> {
  return sql`(${hash(purpose, row)} % ${sql.lit(count)})`
}

/** A number from 1 to `count`. Lower numbers are more frequent, as some products sell better than others. */
function skewed(purpose: string, count: number, row = sql`i`): RawBuilder<number> {
  return sql`(1 + floor(${sql.lit(count)} * power(${hash(purpose, row)} / ${sql.lit(2 ** HASH_BITS)}::float8, 2))::int)`
}

function oneOf(purpose: string, words: readonly string[]): RawBuilder<string> {
  return sql`(array[${sql.join(words.map((word) => sql.lit(word)))}])[1 + ${evenly(purpose, words.length)}]`
}

const FIRST_NAMES = [
  'Ada',
  'Alan',
  'Barbara',
  'Edgar',
  'Grace',
  'Jim',
  'Margaret',
  'Michael',
  'Radia',
  'Tony',
]
const LAST_NAMES = ['Codd', 'Gray', 'Hamilton', 'Hoare', 'Hopper', 'Liskov', 'Lovelace', 'Perlman', 'Turing']
const CITIES = ['Bergen', 'Ghent', 'Graz', 'Lyon', 'Malmö', 'Porto', 'Tartu', 'Turin', 'Utrecht', 'Wroclaw']
const ADJECTIVES = ['Classic', 'Folding', 'Handmade', 'Light', 'Quiet', 'Robust', 'Small', 'Soft', 'Warm']
const NOUNS = ['Basket', 'Blanket', 'Chair', 'Kettle', 'Lamp', 'Mug', 'Shelf', 'Table', 'Teapot', 'Vase']
/** The categories of the products. */
export const CATEGORIES = [
  'bath',
  'bedroom',
  'garden',
  'hall',
  'kitchen',
  'living',
  'office',
  'outdoor',
] as const
const OPINIONS = [
  'It arrived a day early and was well packed.',
  'The colour is a little darker than in the picture, which I like.',
  'After three months of daily use it still looks like new.',
  'My neighbour has ordered one too after seeing ours.',
  'The instructions could be clearer, but it took only ten minutes.',
  'For this price I had expected better material.',
]

function insertCustomers({ first, last }: SeedBatch): RawBuilder<unknown> {
  return sql`
    insert into customers (id, email, name, city, discount_percent, created_at)
    select i, 'customer' || i || '@example.com',
      ${oneOf('first name', FIRST_NAMES)} || ' ' || ${oneOf('last name', LAST_NAMES)},
      ${oneOf('city', CITIES)}, 5 * ${evenly('discount', 4)},
      timestamptz '2024-01-01 00:00:00Z' + i * interval '50 minutes'
    from generate_series(${first}::int, ${last}::int) i`
}

function insertProducts({ first, last }: SeedBatch): RawBuilder<unknown> {
  return sql`
    insert into products (id, sku, name, category, description, price_cents, stock)
    select i, 'SKU-' || lpad(i::text, 5, '0'),
      ${oneOf('adjective', ADJECTIVES)} || ' ' || ${oneOf('noun', NOUNS)} || ' ' || i,
      ${oneOf('category', CATEGORIES)}, ${oneOf('description', OPINIONS)},
      490 + 10 * ${evenly('price', 2000)}, 1000 + ${evenly('stock', 5000)}
    from generate_series(${first}::int, ${last}::int) i`
}

function insertOrders({ first, last, sizes }: SeedBatch): RawBuilder<unknown> {
  return sql`
    insert into orders (id, customer_id, status, tracking_number, placed_at)
    select i, ${skewed('customer', sizes.customers)},
      case when i > ${Math.floor(sizes.orders * 0.99)} then 'packed' when i > ${Math.floor(sizes.orders * 0.97)} then 'shipped'
        else 'delivered' end,
      case when i <= ${Math.floor(sizes.orders * 0.99)} then 'QL' || lpad(i::text, 9, '0') || 'EU' end,
      timestamptz '2026-01-01 00:00:00Z' + i * interval '7 minutes'
    from generate_series(${first}::int, ${last}::int) i`
}

function insertOrderItems({ first, last, sizes }: SeedBatch): RawBuilder<unknown> {
  const item = sql`(i || ':' || line)`
  return sql`
    insert into order_items (order_id, line, product_id, quantity, unit_price_cents)
    select i, line, products.id, 1 + ${evenly('quantity', 3, item)}, products.price_cents
    from generate_series(${first}::int, ${last}::int) i
    cross join lateral generate_series(1, 1 + ${evenly('items', 4)}) line
    join products on products.id = ${skewed('item', sizes.products, item)}`
}

function insertReviews({ first, last, sizes }: SeedBatch): RawBuilder<unknown> {
  return sql`
    insert into reviews (id, product_id, customer_id, rating, title, body, created_at)
    select i, ${skewed('reviewed', sizes.products)}, 1 + ${evenly('reviewer', sizes.customers)},
      1 + floor(sqrt(${evenly('rating', 25)}))::int, ${oneOf('title', ADJECTIVES)} || ' indeed',
      ${oneOf('opinion 1', OPINIONS)} || ' ' || ${oneOf('opinion 2', OPINIONS)} || ' ' ||
        ${oneOf('opinion 3', OPINIONS)} || ' ' || ${oneOf('opinion 4', OPINIONS)},
      timestamptz '2026-01-01 00:00:00Z' + i * interval '7 minutes' + ${evenly('review', 300)} * interval '1 second'
    from generate_series(${first}::int, ${last}::int) i`
}
