/** Converts to seconds with whole microseconds: further digits are noise. */
export function toSeconds(millis: number): number {
  return Math.round(millis * 1_000) / 1_000_000
}
