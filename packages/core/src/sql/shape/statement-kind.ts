import { matchesAt } from './lookahead.js'

/**
 * What a statement does, by its main command: the one behind the CTEs of a `WITH`.
 *
 * - `select`: also `VALUES` and `TABLE`
 * - `insert`: also `REPLACE`, `BULK INSERT` and `LOAD DATA`
 * - `call`: `CALL`, `EXEC`, `DO`
 * - `schema`: `CREATE`, `ALTER`, `DROP`, `TRUNCATE`, `COMMENT`, `GRANT`, …
 * - `transaction`: `BEGIN`, `COMMIT`, `SAVEPOINT`, …
 * - `session`: `SET`, `SHOW`, `LISTEN`, …
 * - `utility`: `VACUUM`, `LOCK`, `PREPARE`, `DECLARE`, …
 * - `several`: more than one statement in one text
 * - `unknown`: none of these, or nothing at all
 */
export type StatementKind =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'call'
  | 'copy'
  | 'explain'
  | 'schema'
  | 'transaction'
  | 'session'
  | 'utility'
  | 'several'
  | 'unknown'

/** What follows the first word of a command other than a query. */
export type CommandSyntax =
  | 'nothing'
  | 'tables'
  | 'targets'
  /** A procedure and its arguments. */
  | 'name'
  /** The name of anything else, such as a database. */
  | 'object name'
  | 'object'
  | 'grant'
  | 'statement'
  | 'condition'

/** A command other than a query. */
export interface Command {
  readonly kind: StatementKind
  readonly syntax: CommandSyntax
}

const commands = new Map<string, Command>()

function define(kind: StatementKind, syntax: CommandSyntax, words: string): void {
  for (const word of words.split(' ')) commands.set(word, { kind, syntax })
}

define('schema', 'object', 'create alter drop')
define('schema', 'targets', 'truncate')
define('schema', 'grant', 'grant revoke deny')
define('schema', 'nothing', 'comment rename security reassign import')
define('call', 'name', 'call exec execute')
define('call', 'nothing', 'do')
define('transaction', 'nothing', 'begin start commit end rollback abort savepoint release')
define('session', 'nothing', 'set reset show discard listen unlisten notify pragma deallocate')
define('session', 'object name', 'use')
define('utility', 'tables', 'lock vacuum analyze analyse cluster describe optimize')
define('utility', 'targets', 'refresh')
define('utility', 'nothing', 'reindex checkpoint fetch move close load desc attach detach kill print')
define('utility', 'statement', 'declare prepare')
define('copy', 'tables', 'copy')
define('explain', 'statement', 'explain')
define('several', 'condition', 'if while')

const SWITCH: Command = { kind: 'schema', syntax: 'object' }
const PREPARE_TRANSACTION: Command = { kind: 'transaction', syntax: 'nothing' }
const TRIGGER_FOLLOWS = /\s+trigger\b/iy
/** A prepared statement may be called `transaction`; only a transaction is given as a string. */
const TRANSACTION_FOLLOWS = /\s+transaction\s*(?:u&|e)?['$]/iy

/**
 * Looks up a command.
 *
 * @param word its first word in lower case
 * @param sql the whole text, and the offset behind the word
 */
export function commandOf(word: string, sql: string, end: number): Command | undefined {
  switch (word) {
    case 'enable':
    case 'disable':
      // Without `TRIGGER` it is the name of a procedure.
      return matchesAt(TRIGGER_FOLLOWS, sql, end) ? SWITCH : undefined
    case 'prepare':
      return matchesAt(TRANSACTION_FOLLOWS, sql, end) ? PREPARE_TRANSACTION : commands.get(word)
    default:
      return commands.get(word)
  }
}

/** Words around the kind of the object that the summary leaves out: `or replace`, `if not exists`. */
export const OBJECT_MODIFIERS: ReadonlySet<string> = words(`or unique concurrently temp temporary unlogged
  global local if not exists only virtual recursive clustered nonclustered constraint trusted procedural`)

/** Kinds of objects that a statement can create, alter and drop. */
export const OBJECTS: ReadonlySet<string> =
  words(`table view materialized index sequence schema database type domain
  function procedure proc routine trigger extension role user policy rule aggregate collation conversion foreign server
  event publication subscription tablespace operator language statistics text access cast group system login synonym
  default application credential certificate symmetric asymmetric`)

/** The second words of kinds of objects that have two words or more, by the first. */
export const OBJECT_TAILS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['materialized', words('view')],
  ['foreign', words('table data')],
  ['event', words('trigger')],
  ['text', words('search')],
  ['search', words('configuration dictionary parser template')],
  ['operator', words('class family')],
  ['access', words('method')],
  ['default', words('privileges')],
  ['application', words('role')],
  ['symmetric', words('key')],
  ['asymmetric', words('key')],
])

/** Objects whose definition may contain statements, which do not run now. */
export const OBJECTS_WITH_BODIES: ReadonlySet<string> = words('function procedure proc trigger event')

/** Objects whose definition contains settings and passwords instead of expressions. */
export const OBJECTS_WITH_SETTINGS: ReadonlySet<string> = words(`user role group login server database system
  subscription credential certificate key`)

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
