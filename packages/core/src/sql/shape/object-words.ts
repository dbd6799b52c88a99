import { OBJECT_MODIFIERS, OBJECT_TAILS, OBJECTS, OBJECTS_WITH_BODIES } from './statement-kind.js'

/** Objects that have a table behind `ON`. */
const TABLE_OBJECTS: ReadonlySet<string> = new Set(['index', 'trigger', 'policy'])

/** Reads `CREATE UNIQUE INDEX CONCURRENTLY`: the words in front of the name of the object. */
export class ObjectWords {
  /** Whether the next word may be one of them. */
  isOpen: boolean = false
  /** The command and the kind of the object as written: `create index`. */
  operation: string = ''
  #command = ''
  #object = ''

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
  }

  /** @returns whether the word is one of them */
  takes(written: string): boolean {
    const word = written.toLowerCase()
    const tails = OBJECT_TAILS.get(this.#object)
    if (tails === undefined ? this.#object === this.#command && OBJECTS.has(word) : tails.has(word)) {
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

  /** Whether several names may follow: only `DROP` allows a list. */
  get mayBeSeveral(): boolean {
    return this.#command === 'drop'
  }

  /** Whether the definition may contain statements between `BEGIN` and `END`. */
  get mayHaveBody(): boolean {
    return OBJECTS_WITH_BODIES.has(this.#object)
  }

  /** Whether `ON` precedes the table of the object. */
  get isOnTable(): boolean {
    return TABLE_OBJECTS.has(this.#object) && !/ event /i.test(this.operation)
  }
}
