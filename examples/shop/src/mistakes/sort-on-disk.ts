import { Type } from '@fastify/type-provider-typebox'
import type { Compilable, Kysely } from 'kysely'

import type { Review, ShopDatabase } from '../database/schema.ts'
import type { RouteServer } from '../routes/route-server.ts'

/** The latest review of a product, with the name of its author. */
export type LatestReview = Review & { readonly product: string; readonly customer: string }

interface ReviewQuery extends Compilable<LatestReview> {
  execute(): Promise<LatestReview[]>
}

/**
 * As shipped: joins and sorts all reviews of the shop with their texts, which is more than `work_mem` holds. It then keeps
 * one review of each product, and filters by category last.
 */
export function latestReviewsAsShipped(db: Kysely<ShopDatabase>, category: string): ReviewQuery {
  return db
    .selectFrom((eb) =>
      eb
        .selectFrom('reviews')
        .innerJoin('customers', 'customers.id', 'reviews.customerId')
        .innerJoin('products', 'products.id', 'reviews.productId')
        .distinctOn('reviews.productId')
        .selectAll('reviews')
        .select(['products.name as product', 'products.category', 'customers.name as customer'])
        .orderBy('reviews.productId')
        .orderBy('reviews.createdAt', 'desc')
        .orderBy('reviews.id', 'desc')
        .as('latest'),
    )
    .select(['id', 'productId', 'customerId', 'rating', 'title', 'body', 'createdAt', 'product', 'customer'])
    .where('category', '=', category)
    .orderBy('productId')
}

/** Fixed: selects the products of the category first, and finds the latest review of each by an index. */
export function latestReviews(db: Kysely<ShopDatabase>, category: string): ReviewQuery {
  return db
    .selectFrom('products')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('reviews')
          .selectAll('reviews')
          .whereRef('reviews.productId', '=', 'products.id')
          .orderBy('reviews.createdAt', 'desc')
          .orderBy('reviews.id', 'desc')
          .limit(1)
          .as('latest'),
      (join) => join.onTrue(),
    )
    .innerJoin('customers', 'customers.id', 'latest.customerId')
    .selectAll('latest')
    .select(['products.name as product', 'customers.name as customer'])
    .where('products.category', '=', category)
    .orderBy('latest.productId')
}

/** The latest reviews of a category. */
export function sortOnDisk(app: RouteServer, db: Kysely<ShopDatabase>): void {
  const schema = { params: Type.Object({ category: Type.String({ minLength: 1, maxLength: 50 }) }) }
  app.get('/as-shipped/categories/:category/latest-reviews', { schema }, ({ params }) =>
    latestReviewsAsShipped(db, params.category).execute(),
  )
  app.get('/categories/:category/latest-reviews', { schema }, ({ params }) =>
    latestReviews(db, params.category).execute(),
  )
}
