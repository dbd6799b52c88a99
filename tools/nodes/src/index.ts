/** Makes Node before 22.18 run TypeScript, which later versions do without flags. */
export const RUN_TYPESCRIPT: readonly string[] = [
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]
