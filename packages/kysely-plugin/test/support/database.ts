import type { ColumnType, Generated } from 'kysely'

/** The tables of the tests. */
export interface Database {
  person: { id: Generated<number>; first_name: string; age: number | null }
  pet: { id: Generated<number>; owner_id: number; name: ColumnType<string, string, string> }
}
