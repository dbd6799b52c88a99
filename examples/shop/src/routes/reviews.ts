import { Type } from '@fastify/type-provider-typebox'
import type { Kysely } from 'kysely'
import { DatabaseError } from 'pg'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import { ById, Id, type RouteServer } from './route-server.ts'

const NewReview = Type.Object(
  {
    customerId: Id,
    rating: Type.Integer({ minimum: 1, maximum: 5 }),
    title: Type.String({ minLength: 1, maxLength: 100 }),
    body: Type.String({ minLength: 1, maxLength: 5000 }),
  },
  { additionalProperties: false },
)
const FOREIGN_KEY_VIOLATION = '23503'

/** Adds a review. */
export function reviewRoutes(app: RouteServer, db: Kysely<ShopDatabase>): void {
  const schema = { params: ById, body: NewReview }
  app.post('/products/:id/reviews', { schema }, async ({ params, body }, reply) => {
    try {
      const review = await db
        .insertInto('reviews')
        .values({ ...body, productId: params.id })
        .returningAll()
        .executeTakeFirstOrThrow()
      return await reply.code(201).send(review)
    } catch (error) {
      // The INSERT checks both references. To check them before would take two more queries.
      if (!(error instanceof DatabaseError) || error.code !== FOREIGN_KEY_VIOLATION) throw error
      const isCustomer = error.constraint === 'reviews_customer_id_fkey'
      throw notFound(isCustomer ? `customer ${body.customerId}` : `product ${params.id}`)
    }
  })
}
