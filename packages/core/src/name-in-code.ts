/** How code calls what the database calls otherwise: `orderId` for `order_id` with Kysely's `CamelCasePlugin`. */
export type NameInCode = (name: string) => string
