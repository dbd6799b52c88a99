import { readBudgets, updateBudgets } from './budget-file.js'
import { fileError } from './budget-text.js'
import { mergeChanges } from './budgets.js'

/**
 * Merges files of budgets that several machines have written, such as the shards of a test run, into one. The order of the files
 * makes no difference. A number that differs from that in the target replaces it, so that what one shard has lowered stays low.
 * Where several differ, and for a test that the target does not hold, the larger number stays. Merge each file once.
 *
 * @param target the file that the machines began with, and that gets everything. It need not exist
 * @param files stay as they are
 * @throws QuerylensError `QUERYLENS_FILE` if a file cannot be read or written, or does not hold budgets; the target stays as it
 *   is
 *
 * @example
 * mergeBudgets('querylens.budgets.json', 'shard-1/querylens.budgets.json', 'shard-2/querylens.budgets.json')
 */
export function mergeBudgets(target: string, ...files: readonly string[]): void {
  const parts = files.map((file) => {
    const budgets = readBudgets(file)
    if (budgets === undefined) throw fileError(file, 'does not exist')
    return budgets
  })
  updateBudgets(target, (budgets) => mergeChanges(budgets, parts))
}
