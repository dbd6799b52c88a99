import { Type, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

/** Fastify with handlers whose types come from their schemas. */
export type RouteServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** The range of PostgreSQL's `integer`: a larger id is a bad request and not an error of the database. */
export const Id = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** Parameters of routes such as `/orders/:id`. */
export const ById = Type.Object({ id: Id })
