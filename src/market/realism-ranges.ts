/** Where real windows of hourly bars lie, by their length: what a run's realism is judged by. */

/** The statistics of the realism table. */
export const stylizedFacts = [
  'largestAcf',
  'kurtosis',
  'hill',
  'acf1',
  'acf50',
  'acf168',
  'aggregated',
  'volumeAcf1',
  'volume',
  'daily',
  'weekend',
  'gap',
  'correlation',
  'falling',
  'rising',
  'fallingLessRising',
] as const
export type StylizedFact = (typeof stylizedFacts)[number]

/** Both ends count as inside. */
export interface RealRange {
  readonly least: number
  readonly most: number
}

/** Lengths of the windows, bars. */
export const windowLengths = [1_000, 2_500, 5_000, 10_000] as const

/**
 * 5th and 95th percentile of real windows, one entry a length: 16 pairs on Binance, hourly, 2020-01-01 to 2022-10-11; 701, 266,
 * 116 and 40 windows of a pair, 4,946, 1,861, 798 and 252 of a pair of pairs. Made by `node dist/bench/realism-ranges.js FOLDER`.
 */
const measured: Readonly<Record<StylizedFact, readonly (readonly [number, number])[]>> = {
  largestAcf: [
    [0.0668, 0.149],
    [0.0469, 0.124],
    [0.0375, 0.101],
    [0.0402, 0.0941],
  ],
  kurtosis: [
    [1.99, 40.4],
    [3.91, 61.5],
    [5.48, 75.6],
    [9.34, 73.2],
  ],
  hill: [
    [2.22, 4.17],
    [2.23, 3.58],
    [2.1, 3.42],
    [2.19, 3.19],
  ],
  acf1: [
    [0.0798, 0.381],
    [0.132, 0.377],
    [0.159, 0.387],
    [0.209, 0.377],
  ],
  acf50: [
    [-0.0335, 0.165],
    [0.0141, 0.182],
    [0.0272, 0.165],
    [0.0915, 0.179],
  ],
  acf168: [
    [-0.0401, 0.0812],
    [-0.00673, 0.102],
    [0.0111, 0.112],
    [0.0554, 0.131],
  ],
  aggregated: [
    [-0.155, 0.724],
    [-0.0112, 0.609],
    [0.0503, 0.531],
    [0.0823, 0.559],
  ],
  volumeAcf1: [
    [0.427, 0.759],
    [0.484, 0.78],
    [0.553, 0.776],
    [0.628, 0.798],
  ],
  volume: [
    [0.457, 0.715],
    [0.486, 0.704],
    [0.486, 0.686],
    [0.492, 0.657],
  ],
  daily: [
    [0.142, 0.251],
    [0.115, 0.195],
    [0.105, 0.173],
    [0.0915, 0.151],
  ],
  weekend: [
    [0.667, 1.05],
    [0.729, 0.993],
    [0.79, 0.971],
    [0.82, 0.947],
  ],
  gap: [
    [0.0, 5.46],
    [0.0, 5.0],
    [0.0, 4.71],
    [0.00933, 4.2],
  ],
  correlation: [
    [0.378, 0.847],
    [0.418, 0.826],
    [0.423, 0.797],
    [0.338, 0.755],
  ],
  falling: [
    [0.281, 0.818],
    [0.321, 0.795],
    [0.347, 0.76],
    [0.356, 0.741],
  ],
  rising: [
    [0.0887, 0.718],
    [0.136, 0.684],
    [0.143, 0.624],
    [0.093, 0.524],
  ],
  fallingLessRising: [
    [0.0134, 0.364],
    [0.0443, 0.321],
    [0.0749, 0.323],
    [0.15, 0.318],
  ],
}

/** Statistics of which less is no fault: fair prices have none of it. */
const boundedAbove: readonly StylizedFact[] = ['largestAcf', 'aggregated']

/** The range of a statistic over real windows of `bars` hourly bars, between two lengths in proportion; undefined outside them. */
export function realRange(fact: StylizedFact, bars: number): RealRange | undefined {
  const ranges = measured[fact]
  const above = windowLengths.findIndex(length => length >= bars)
  if (above < 0 || bars < windowLengths[0]) return undefined
  const below = Math.max(0, above - 1)
  const [from = 0, to = 0] = [windowLengths[below], windowLengths[above]]
  const share = to === from ? 0 : (bars - from) / (to - from)
  const at = (end: 0 | 1) => {
    const [a = Number.NaN, b = Number.NaN] = [ranges[below]?.[end], ranges[above]?.[end]]
    return a + share * (b - a)
  }
  return { least: boundedAbove.includes(fact) ? Number.NEGATIVE_INFINITY : at(0), most: at(1) }
}
