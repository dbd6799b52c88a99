/** Maps a name in the database to the name in the code: `order_id` to `orderId` with Kysely's `CamelCasePlugin`. */
export type NameInCode = (name: string) => string
