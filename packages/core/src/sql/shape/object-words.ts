import {
  OBJECT_MODIFIERS,
  OBJECT_TAILS,
  OBJECTS,
  OBJECTS_WITH_BODIES,
  OBJECTS_WITH_SETTINGS,
} from './statement-kind.js'
import { ValuePlace } from './value-words.js'

/** Objects that have a table behind `ON`. */
const TABLE_OBJECTS: ReadonlySet<string> = new Set(['index', 'trigger', 'policy'])

/** Options of MySQL in front of the kind of the object: `CREATE ALGORITHM = MERGE DEFINER = a@b SQL SECURITY INVOKER VIEW`. */
const OPTIONS: ReadonlySet<string> = new Set(['algorithm', 'definer', 'sql'])
const OBJECTS_WITH_OPTIONS: ReadonlySet<string> = new Set([
  'view',
  'function',
  'procedure',
  'trigger',
  'event',
])

/** Reads `CREATE UNIQUE INDEX CONCURRENTLY`: the words in front of the name of the object. */
export class ObjectWords {
  /** Whether the next word may be one of them. */
  isOpen: boolean = false
  /** The command and the kind of the object as written: `create index`. */
  operation: string = ''
  #command = ''
  #object = ''
  #previous = ''
  /** Whether it is in the options of MySQL. */
  isInOptions: boolean = false

  /** Forgets the last statement. */
  reset(): void {
    this.isOpen = false
    this.operation = ''
  }

  /** Begins behind the command. */
  begin(command: string): void {
    this.isOpen = true
    this.operation = command
    this.#object = this.#command = command.toLowerCase()
    this.#previous = ''
    this.isInOptions = false
  }

  /** @returns whether the word is one of them */
  takes(written: string): boolean {
    const word = written.toLowerCase()
    const isAfterOr = this.#previous === 'or'
    this.#previous = word
    if (this.isInOptions && !OBJECTS_WITH_OPTIONS.has(word)) return true
    const isFirst = this.#object === this.#command
    this.isInOptions = isFirst && OPTIONS.has(word)
    if (this.isInOptions || (isAfterOr && (word === 'replace' || word === 'alter'))) return true
    const tails = OBJECT_TAILS.get(this.#object)
    if (tails === undefined ? isFirst && OBJECTS.has(word) : tails.has(word)) {
      this.#object = word
      this.operation += ` ${written}`
      return true
    }
    return OBJECT_MODIFIERS.has(word)
  }

  /** Whether the object is a table or a view. */
  get isTable(): boolean {
    return this.#object === 'table' || this.#object === 'view'
  }

  /** Whether the object may store the rows of a query, which then runs at once. */
  get mayHoldRows(): boolean {
    return /^create (?:table|materialized view)$/i.test(this.operation)
  }

  /** Whether several names may follow: `DROP TABLE a, b`, `DISABLE TRIGGER a, b ON t`. */
  get mayBeSeveral(): boolean {
    return this.#command === 'drop' || this.isSwitch
  }

  /** Whether it switches a trigger on or off. */
  get isSwitch(): boolean {
    return this.#command === 'enable' || this.#command === 'disable'
  }

  /** Whether statements may stand in parentheses: `CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)`. */
  get isNewRule(): boolean {
    return this.#object === 'rule' && this.#command === 'create'
  }

  /** Where the definition may have words that are values. */
  get valuePlace(): ValuePlace {
    if (OBJECTS_WITH_SETTINGS.has(this.#object)) return ValuePlace.Assignments
    return ValuePlace.Nowhere
  }

  /** Whether the definition may contain statements between `BEGIN` and `END`. */
  get mayHaveBody(): boolean {
    return OBJECTS_WITH_BODIES.has(this.#object)
  }

  /** Whether `ON` precedes the table of the object. */
  get isOnTable(): boolean {
    return !this.isSwitch && TABLE_OBJECTS.has(this.#object) && !/ event /i.test(this.operation)
  }
}
