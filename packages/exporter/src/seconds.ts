/** Whole microseconds: what a clock gives beyond them is noise, and unreadable on a page. */
export function toSeconds(millis: number): number {
  return Math.round(millis * 1_000) / 1_000_000
}
