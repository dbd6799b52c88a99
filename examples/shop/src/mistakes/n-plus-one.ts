import { Type } from '@fastify/type-provider-typebox'
import type { Kysely, Selectable } from 'kysely'

import type { Order, OrderItemTable, ShopDatabase } from '../database/schema.ts'
import type { RouteServer } from '../routes/route-server.ts'

/** An item with the name of its product. */
export type ListedItem = Selectable<OrderItemTable> & { readonly name: string }
/** An order with its items. */
export type ListedOrder = Order & { readonly items: readonly ListedItem[] }

/** As shipped: one query for the orders, and one query for each of them. */
export async function listOrdersAsShipped(db: Kysely<ShopDatabase>, limit: number): Promise<ListedOrder[]> {
  const listed: ListedOrder[] = []
  for (const order of await latestOrders(db, limit).execute()) {
    const items = await itemsWithNames(db).where('orderId', '=', order.id).execute()
    listed.push({ ...order, items })
  }
  return listed
}

/** Fixed: one query for the orders, and one query for all their items. */
export async function listOrders(db: Kysely<ShopDatabase>, limit: number): Promise<ListedOrder[]> {
  const orders = await latestOrders(db, limit).execute()
  const ids = orders.map((order) => order.id)
  const items = await itemsWithNames(db)
    .where('orderId', '=', (eb) => eb.fn.any(eb.val(ids)))
    .execute()
  const byOrder = new Map<number, ListedItem[]>(ids.map((id) => [id, []]))
  for (const item of items) byOrder.get(item.orderId)?.push(item)
  return orders.map((order) => ({ ...order, items: byOrder.get(order.id) ?? [] }))
}

function latestOrders(db: Kysely<ShopDatabase>, limit: number) {
  return db.selectFrom('orders').selectAll().orderBy('placedAt', 'desc').orderBy('id', 'desc').limit(limit)
}

function itemsWithNames(db: Kysely<ShopDatabase>) {
  return db
    .selectFrom('orderItems')
    .innerJoin('products', 'products.id', 'orderItems.productId')
    .selectAll('orderItems')
    .select('products.name')
    .orderBy('orderId')
    .orderBy('line')
}

/** The list of orders in the back office. */
export function nPlusOne(app: RouteServer, db: Kysely<ShopDatabase>): void {
  const schema = {
    querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }) }),
  }
  app.get('/as-shipped/orders', { schema }, ({ query }) => listOrdersAsShipped(db, query.limit))
  app.get('/orders', { schema }, ({ query }) => listOrders(db, query.limit))
}
