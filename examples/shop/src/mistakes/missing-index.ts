import { Type } from '@fastify/type-provider-typebox'
import type { Kysely, SelectQueryBuilder } from 'kysely'

import type { Order, ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import type { RouteServer } from '../routes/route-server.ts'

type OrderQuery = SelectQueryBuilder<ShopDatabase, 'orders', Order>

/** As shipped: no index covers `lower(tracking_number)`, so the server reads all orders. */
export function findByTrackingNumberAsShipped(db: Kysely<ShopDatabase>, number: string): OrderQuery {
  return findBy(db, 'lower', number)
}

/** Fixed: an index covers `upper(tracking_number)`, which ignores the letter case as well. */
export function findByTrackingNumber(db: Kysely<ShopDatabase>, number: string): OrderQuery {
  return findBy(db, 'upper', number)
}

function findBy(db: Kysely<ShopDatabase>, letterCase: 'lower' | 'upper', number: string): OrderQuery {
  return db
    .selectFrom('orders')
    .selectAll()
    .where((eb) =>
      eb(eb.fn<string>(letterCase, ['trackingNumber']), '=', eb.fn<string>(letterCase, [eb.val(number)])),
    )
}

/** "Where is my parcel?" */
export function missingIndex(app: RouteServer, db: Kysely<ShopDatabase>): void {
  const schema = { params: Type.Object({ number: Type.String({ minLength: 5, maxLength: 30 }) }) }
  const track = async (query: OrderQuery, number: string): Promise<Order> => {
    const order = await query.executeTakeFirst()
    if (order === undefined) throw notFound(`order with the tracking number ${number}`)
    return order
  }
  app.get('/as-shipped/tracking/:number', { schema }, ({ params: { number } }) =>
    track(findByTrackingNumberAsShipped(db, number), number),
  )
  app.get('/tracking/:number', { schema }, ({ params: { number } }) =>
    track(findByTrackingNumber(db, number), number),
  )
}
