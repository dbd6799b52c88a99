import { readBudgets, updateBudgets } from './budget-file.js'
import { fileError } from './budget-text.js'
import { joinBudgets } from './budgets.js'

/**
 * Merges files of budgets that several machines have written, such as the shards of a test run, into one. The order of the files
 * makes no difference: where two hold the same statement of the same test, the larger number stays.
 *
 * @param target the file that gets everything, in addition to what it holds. It need not exist
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
  updateBudgets(target, (budgets) => parts.reduce(joinBudgets, budgets))
}
