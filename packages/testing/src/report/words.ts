/** `1 query`, `3 queries` */
export function countQueries(count: number): string {
  return `${count} quer${count === 1 ? 'y' : 'ies'}`
}

/** A name that a user has chosen, in one line. */
export function oneLine(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim()
}

/** `a, b and c` */
export function listWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
