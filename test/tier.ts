/** The two tiers of one test: `npm test` counts less far than `npm run test:nightly`, which vitest.nightly.config.ts says in the environment. */
export const isNight = process.env.MYCELIA_NIGHT === '1'

/** How many runs, seeds, steps or edits: the first by day, the second at night. */
export function times(byDay: number, atNight: number): number {
  return isNight ? atNight : byDay
}

/** The name of a test that runs at night alone; by day it says where it does. */
export function atNight(name: string): string {
  return isNight ? name : `${name} (skipped: npm run test:nightly runs it)`
}
