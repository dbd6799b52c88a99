/**
 * A dialect of any copy of Kysely. TypeScript keeps the types of two copies apart, because `Kysely` has private fields;
 * at run time they are the same.
 */
export interface AnyDialect {
  createDriver(): object
  createAdapter(): object
  createQueryCompiler(): object
  createIntrospector(db: never): object
}

/** A configuration of any copy of Kysely. */
export interface AnyConfig {
  readonly dialect: AnyDialect
}
