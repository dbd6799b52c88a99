import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'

import type { ShopDatabase } from './schema.ts'

const createTables: Migration = {
  async up(db) {
    await db.schema
      .createTable('customers')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      .addColumn('email', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('city', 'text', (column) => column.notNull())
      .addColumn('discountPercent', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute()
    await db.schema
      .createTable('products')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      .addColumn('sku', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('priceCents', 'integer', (column) => column.notNull().check(sql`price_cents > 0`))
      .addColumn('stock', 'integer', (column) => column.notNull().check(sql`stock >= 0`))
      .execute()
    await db.schema
      .createTable('orders')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      .addColumn('customerId', 'integer', (column) => column.notNull().references('customers.id'))
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('trackingNumber', 'text')
      .addColumn('placedAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute()
    await db.schema
      .createTable('orderItems')
      .addColumn('orderId', 'integer', (column) => column.notNull().references('orders.id'))
      .addColumn('line', 'integer', (column) => column.notNull())
      .addColumn('productId', 'integer', (column) => column.notNull().references('products.id'))
      .addColumn('quantity', 'integer', (column) => column.notNull().check(sql`quantity > 0`))
      .addColumn('unitPriceCents', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('order_items_pkey', ['orderId', 'line'])
      .execute()
    await db.schema
      .createTable('reviews')
      .addColumn('id', 'integer', (column) => column.primaryKey().generatedByDefaultAsIdentity())
      .addColumn('productId', 'integer', (column) => column.notNull().references('products.id'))
      .addColumn('customerId', 'integer', (column) => column.notNull().references('customers.id'))
      .addColumn('rating', 'integer', (column) => column.notNull().check(sql`rating between 1 and 5`))
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute()
  },
}

const createIndexes: Migration = {
  async up(db) {
    await db.schema.createIndex('products_category_idx').on('products').column('category').execute()
    await db.schema.createIndex('orders_customer_id_idx').on('orders').column('customerId').execute()
    await db.schema.createIndex('orders_placed_at_idx').on('orders').columns(['placedAt', 'id']).execute()
    await db.schema
      .createIndex('reviews_product_id_idx')
      .on('reviews')
      .columns(['productId', 'createdAt', 'id'])
      .execute()
  },
}

/**
 * The fix for the search by tracking number. It indexes the number in upper case, as the fixed query compares it. It does
 * not index the column, because the shipped query has to stay slow in the same database.
 */
const indexTrackingNumbers: Migration = {
  async up(db) {
    await db.schema
      .createIndex('orders_upper_tracking_number_idx')
      .on('orders')
      .expression(sql`upper(tracking_number)`)
      .execute()
  },
}

/**
 * Migrates an empty or older database to the latest version.
 *
 * @throws Error of the database; the database is then unchanged
 */
export async function migrate(db: Kysely<ShopDatabase>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => ({
        '0001-create-tables': createTables,
        '0002-create-indexes': createIndexes,
        '0003-index-tracking-numbers': indexTrackingNumbers,
      }),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
