import { Presets, SingleBar } from 'cli-progress'
import type { Kysely } from 'kysely'

import type { ShopDatabase } from './schema.ts'
import { seed, SEED_SIZES } from './seed.ts'
import type { SeedTable } from './seed-steps.ts'

const NUMBER = new Intl.NumberFormat('en')

/** Seeds the shop and shows a bar in a terminal, or prints one line for each table if output is piped. */
export async function seedWithProgress(db: Kysely<ShopDatabase>): Promise<void> {
  const done: Record<SeedTable, number> = { customers: 0, products: 0, orders: 0, reviews: 0 }
  const total = sum(SEED_SIZES)
  if (!process.stdout.isTTY) {
    await seed(db, SEED_SIZES, (table, count) => {
      if (count === SEED_SIZES[table]) process.stdout.write(`  ${NUMBER.format(count)} ${table}\n`)
    })
    return
  }
  const bar = new SingleBar(
    {
      format: '  {bar} {percentage} %  {table}',
      barsize: 50,
      hideCursor: true,
      clearOnComplete: true,
      // The calling program handles Ctrl+C.
      gracefulExit: false,
    },
    Presets.shades_grey,
  )
  bar.start(total, 0, { table: '' })
  try {
    await seed(db, SEED_SIZES, (table, count) => {
      done[table] = count
      bar.update(sum(done), { table })
    })
  } finally {
    bar.stop()
  }
  process.stdout.write(`  ${NUMBER.format(total)} rows and the items of the orders\n`)
}

function sum(counts: Readonly<Record<SeedTable, number>>): number {
  return Object.values(counts).reduce((left, right) => left + right, 0)
}
