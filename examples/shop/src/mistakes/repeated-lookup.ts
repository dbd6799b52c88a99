import type { Kysely } from 'kysely'

import type { ShopDatabase } from '../database/schema.ts'
import { notFound } from '../errors.ts'
import { ById, type RouteServer } from '../routes/route-server.ts'

/** A product with the price for this customer. */
export interface Offer {
  readonly id: number
  readonly name: string
  readonly priceCents: number
}

const OFFERS = 10

/** As shipped: the helper reads the customer's discount again for each product. */
export async function listOffersAsShipped(db: Kysely<ShopDatabase>, customerId: number): Promise<Offer[]> {
  const offers: Offer[] = []
  for (const product of await popularProducts(db)) {
    const discount = await findDiscount(db, customerId)
    offers.push({ ...product, priceCents: discounted(product.priceCents, discount) })
  }
  return offers
}

/** Fixed: the request reads the discount once. */
export async function listOffers(db: Kysely<ShopDatabase>, customerId: number): Promise<Offer[]> {
  const discount = await findDiscount(db, customerId)
  const products = await popularProducts(db)
  return products.map((product) => ({ ...product, priceCents: discounted(product.priceCents, discount) }))
}

async function findDiscount(db: Kysely<ShopDatabase>, customerId: number): Promise<number> {
  const customer = await db
    .selectFrom('customers')
    .select('discountPercent')
    .where('id', '=', customerId)
    .executeTakeFirst()
  if (customer === undefined) throw notFound(`customer ${customerId}`)
  return customer.discountPercent
}

function popularProducts(db: Kysely<ShopDatabase>): Promise<Offer[]> {
  return db.selectFrom('products').select(['id', 'name', 'priceCents']).orderBy('id').limit(OFFERS).execute()
}

function discounted(cents: number, percent: number): number {
  return Math.round((cents * (100 - percent)) / 100)
}

/** "You may also like", with the prices for the customer. */
export function repeatedLookup(app: RouteServer, db: Kysely<ShopDatabase>): void {
  const schema = { params: ById }
  app.get('/as-shipped/customers/:id/offers', { schema }, ({ params }) => listOffersAsShipped(db, params.id))
  app.get('/customers/:id/offers', { schema }, ({ params }) => listOffers(db, params.id))
}
