import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { setRoute } from '@querylens/core'
import { fastify, type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Kysely } from 'kysely'

import type { ShopDatabase } from './database/schema.ts'
import { ShopError } from './errors.ts'
import { missingIndex } from './mistakes/missing-index.ts'
import { nPlusOne } from './mistakes/n-plus-one.ts'
import { repeatedLookup } from './mistakes/repeated-lookup.ts'
import { sortOnDisk } from './mistakes/sort-on-disk.ts'
import { customerRoutes } from './routes/customers.ts'
import { orderRoutes } from './routes/orders.ts'
import { placeOrderRoute } from './routes/place-order.ts'
import { productRoutes } from './routes/products.ts'
import { reviewRoutes } from './routes/reviews.ts'

/** Creates the API over one database. It does not listen yet. */
export function createApp(db: Kysely<ShopDatabase>, options: FastifyServerOptions = {}): FastifyInstance {
  const app = fastify(options)
  // Without it a request has its route when its handler begins; one that validation rejects would have none.
  app.addHook('onRequest', async (request) => setRoute(request.routeOptions.url))
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send(error)
    // Clients must not see the reasons of internal errors.
    request.log.error(error)
    return reply.code(500).send(new ShopError(500, 'INTERNAL', 'Something went wrong. Please try again.'))
  })
  app.get('/health', async () => ({ status: 'ok' }))
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()
  for (const register of [productRoutes, reviewRoutes, customerRoutes, orderRoutes, placeOrderRoute])
    register(routes, db)
  for (const register of [nPlusOne, missingIndex, sortOnDisk, repeatedLookup]) register(routes, db)
  return app
}
