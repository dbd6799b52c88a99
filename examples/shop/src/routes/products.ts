import { Type } from '@fastify/type-provider-typebox'
import type { Kysely } from 'kysely'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import { ById, type RouteServer } from './route-server.ts'

const PAGE_SIZE = 20
const REVIEWS_SHOWN = 5

const Search = Type.Object({
  search: Type.Optional(Type.String({ minLength: 2, maxLength: 50 })),
  category: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  page: Type.Integer({ minimum: 1, maximum: 1000, default: 1 }),
})

/** The search for products and the page of a product. */
export function productRoutes(app: RouteServer, db: Kysely<ShopDatabase>): void {
  app.get('/products', { schema: { querystring: Search } }, async ({ query: { search, category, page } }) => {
    let found = db.selectFrom('products')
    if (category !== undefined) found = found.where('category', '=', category)
    if (search !== undefined)
      found = found.where('name', 'ilike', `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`)
    const products = await found
      .select(['id', 'name', 'category', 'priceCents'])
      .orderBy('name')
      .orderBy('id')
      .limit(PAGE_SIZE)
      .offset((page - 1) * PAGE_SIZE)
      .execute()
    const { total } = await found
      .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('total'))
      .executeTakeFirstOrThrow()
    return { products, page, pages: Math.ceil(total / PAGE_SIZE), total }
  })

  app.get('/products/:id', { schema: { params: ById } }, async ({ params: { id } }) => {
    const product = await db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst()
    if (product === undefined) throw notFound(`product ${id}`)
    const rating = await db
      .selectFrom('reviews')
      .select((eb) => [
        eb.cast<number>(eb.fn.countAll(), 'integer').as('count'),
        eb.cast<number | null>(eb.fn.avg('rating'), 'real').as('average'),
      ])
      .where('productId', '=', id)
      .executeTakeFirstOrThrow()
    const reviews = await db
      .selectFrom('reviews')
      .innerJoin('customers', 'customers.id', 'reviews.customerId')
      .select(['reviews.id', 'rating', 'title', 'body', 'reviews.createdAt', 'customers.name as customer'])
      .where('productId', '=', id)
      .orderBy('reviews.createdAt', 'desc')
      .orderBy('reviews.id', 'desc')
      .limit(REVIEWS_SHOWN)
      .execute()
    return { ...product, rating, reviews }
  })
}
