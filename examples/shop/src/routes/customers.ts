import type { Kysely } from 'kysely'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import { ById, type RouteServer } from './route-server.ts'

const ORDERS_SHOWN = 10

/** The page of a customer. */
export function customerRoutes(app: RouteServer, db: Kysely<ShopDatabase>): void {
  app.get('/customers/:id', { schema: { params: ById } }, async ({ params: { id } }) => {
    const customer = await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst()
    if (customer === undefined) throw notFound(`customer ${id}`)
    const orders = await db
      .selectFrom('orders')
      .innerJoin('orderItems', 'orderItems.orderId', 'orders.id')
      .select((eb) => [
        'orders.id',
        'status',
        'placedAt',
        eb.cast<number>(eb.fn.sum(eb('quantity', '*', eb.ref('unitPriceCents'))), 'integer').as('totalCents'),
      ])
      .where('customerId', '=', id)
      .groupBy('orders.id')
      .orderBy('placedAt', 'desc')
      .orderBy('orders.id', 'desc')
      .limit(ORDERS_SHOWN)
      .execute()
    return { ...customer, orders }
  })
}
