/** How a call is repeated: `every({ period: 5, start: 10, end: 100, count: 3 }, 'feed')`. */
export interface Repetition {
  /** Time from one call to the next, > 0. */
  readonly period: number
  /** The time of the first call; default one period from now. */
  readonly start?: number
  /** No call comes after this time; default there is no end. */
  readonly end?: number
  /** How many calls there are; default there is no last. */
  readonly count?: number
}
