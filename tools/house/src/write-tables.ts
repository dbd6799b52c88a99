/**
 * Writes the tables that are generated from the source into the pages: `pnpm docs:tables`.
 *
 * @packageDocumentation
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { findingKinds } from '@querylens/core/internal'

import { rewriteTables } from './generated-tables.ts'
import { findFiles, findPages, readText, repositoryRoot } from './repository.ts'

const augmenting = findFiles('packages/*/src/**/*.ts')
for (const path of findPages()) {
  const page = readText(path)
  const written = rewriteTables(page, { read: readText, augmenting, kinds: findingKinds })
  if (written === page) continue
  writeFileSync(join(repositoryRoot, path), written)
  console.log(`${path}: written`)
}
