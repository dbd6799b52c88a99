import { OBJECT_MODIFIERS, OBJECT_TAILS, OBJECTS, OBJECTS_WITH_BODIES } from './statement-kind.js'

/** Objects that are `ON` a table. */
const TABLE_OBJECTS: ReadonlySet<string> = new Set(['index', 'trigger', 'policy'])

/** Reads the words of `CREATE UNIQUE INDEX CONCURRENTLY` up to the name of what is created, altered or dropped. */
export class ObjectWords {
  /** Whether they are being read. */
  isOpen: boolean = false
  /** The command and the object, as written: `create index`. */
  operation: string = ''
  #command = ''
  #object = ''

  /** Forgets all. */
  reset(): void {
    this.isOpen = false
    this.operation = ''
  }

  /** Begins with the command. */
  begin(command: string): void {
    this.isOpen = true
    this.operation = command
    this.#object = this.#command = command.toLowerCase()
  }

  /** Whether the word still belongs to them. */
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

  /** Whether it is a table or a view. */
  get isTable(): boolean {
    return this.#object === 'table' || this.#object === 'view'
  }

  /** Whether a query may define it that is run at once. */
  get mayHoldRows(): boolean {
    return /^create (?:table|materialized view)$/i.test(this.operation)
  }

  /** Whether several can be named: only what is dropped can. */
  get mayBeSeveral(): boolean {
    return this.#command === 'drop'
  }

  /** Whether its definition may hold statements that are not run now. */
  get mayHaveBody(): boolean {
    return OBJECTS_WITH_BODIES.has(this.#object)
  }

  /** Whether it is `ON` a table. */
  get isOnTable(): boolean {
    return TABLE_OBJECTS.has(this.#object) && !/ event /i.test(this.operation)
  }
}
