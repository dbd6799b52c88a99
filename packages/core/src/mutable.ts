/** A published message as its publisher sees it: subscribers get it read-only. */
export type Mutable<Message> = { -readonly [Field in keyof Message]: Message[Field] }
