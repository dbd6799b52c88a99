import { Type, type Static } from '@fastify/type-provider-typebox'
import { sql, type Kysely, type Transaction } from 'kysely'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound, ShopError } from '../errors.ts'
import { Id, type RouteServer } from './route-server.ts'

const NewOrder = Type.Object(
  {
    customerId: Id,
    items: Type.Array(
      Type.Object(
        { productId: Id, quantity: Type.Integer({ minimum: 1, maximum: 100 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 50 },
    ),
  },
  { additionalProperties: false },
)
type Items = Static<typeof NewOrder>['items']

/** Places an order in one transaction. */
export function placeOrderRoute(app: RouteServer, db: Kysely<ShopDatabase>): void {
  app.post('/orders', { schema: { body: NewOrder } }, async ({ body: { customerId, items } }, reply) => {
    if (new Set(items.map((item) => item.productId)).size < items.length) {
      throw new ShopError(400, 'PRODUCT_TWICE', 'An order takes each product once. Increase its quantity.')
    }
    const order = await db.transaction().execute(async (transaction) => {
      const customer = await transaction
        .selectFrom('customers')
        .select('id')
        .where('id', '=', customerId)
        .executeTakeFirst()
      if (customer === undefined) throw notFound(`customer ${customerId}`)
      const prices = await takeFromStock(transaction, items)
      const placed = await transaction
        .insertInto('orders')
        .values({ customerId, status: 'paid', trackingNumber: null })
        .returning(['id', 'status', 'placedAt'])
        .executeTakeFirstOrThrow()
      const lines = items.map((item, index) => ({
        ...item,
        orderId: placed.id,
        line: index + 1,
        unitPriceCents: prices.get(item.productId) ?? 0,
      }))
      await transaction.insertInto('orderItems').values(lines).execute()
      const totalCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0)
      return { ...placed, customerId, totalCents }
    })
    return await reply.code(201).send(order)
  })
}

/** Locks the products in the order of their ids, so that two orders cannot deadlock. */
async function takeFromStock(
  transaction: Transaction<ShopDatabase>,
  items: Items,
): Promise<Map<number, number>> {
  const ids = items.map((item) => item.productId)
  const products = await transaction
    .selectFrom('products')
    .select(['id', 'stock', 'priceCents'])
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(ids))))
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const { productId, quantity } of items) {
    const product = products.find(({ id }) => id === productId)
    if (product === undefined) throw notFound(`product ${productId}`)
    if (product.stock < quantity) {
      throw new ShopError(409, 'OUT_OF_STOCK', `Product ${productId} has only ${product.stock} left.`)
    }
  }
  const quantities = items.map((item) => item.quantity)
  const taken = sql<{ id: number; quantity: number }>`unnest(${ids}::int[], ${quantities}::int[])`
  await transaction
    .updateTable('products')
    .from(taken.as<'taken'>(sql`taken(id, quantity)`))
    .set((eb) => ({ stock: eb('stock', '-', eb.ref('taken.quantity')) }))
    .whereRef('products.id', '=', 'taken.id')
    .execute()
  return new Map(products.map(({ id, priceCents }) => [id, priceCents]))
}
