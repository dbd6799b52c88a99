import type { Kysely } from 'kysely'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import { ById, type RouteServer } from './route-server.ts'

/** The page of an order with its items. */
export function orderRoutes(app: RouteServer, db: Kysely<ShopDatabase>): void {
  app.get('/orders/:id', { schema: { params: ById } }, async ({ params: { id } }) => {
    const order = await db
      .selectFrom('orders')
      .innerJoin('customers', 'customers.id', 'orders.customerId')
      .selectAll('orders')
      .select('customers.name as customer')
      .where('orders.id', '=', id)
      .executeTakeFirst()
    if (order === undefined) throw notFound(`order ${id}`)
    const items = await db
      .selectFrom('orderItems')
      .innerJoin('products', 'products.id', 'orderItems.productId')
      .select(['line', 'productId', 'name', 'quantity', 'unitPriceCents'])
      .where('orderId', '=', id)
      .orderBy('line')
      .execute()
    const totalCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0)
    return { ...order, items, totalCents }
  })
}
