/**
 * `node dist/bench/realism-ranges.js FOLDER`: the ranges of `src/market/realism-ranges.ts`, measured on real candles. FOLDER holds
 * freqtrade's hourly JSON, gzipped. A window of a pair has n consecutive hours, of which at most 1 % are missing; windows begin
 * half a length apart. Ranges of one pair's stylized facts are over all windows of all pairs, those of correlations over all pairs of pairs
 * of the windows in which at least eight pairs are whole.
 */

import { marketFacts, pairFacts } from '../src/market/realism.js'
import { type StylizedFact, stylizedFacts, windowLengths } from '../src/market/realism-ranges.js'
import { quantile } from './realism/quantile.js'
import { realCandles, windowOf } from './realism/real-candles.js'

const from = Date.UTC(2020, 0, 1)
const to = Date.UTC(2022, 9, 11)
const leastShare = 0.99
const leastPairs = 8

const folder = process.argv[2]
if (folder === undefined) throw new Error('name the folder of the hourly candles')
const real = realCandles(folder, from, to)

const found = new Map<StylizedFact, number[][]>(stylizedFacts.map(fact => [fact, windowLengths.map(() => [])]))
windowLengths.forEach((length, place) => {
  for (let start = 0; start + length <= real.grid.times.length; start += length / 2) note(start, length, place)
})
for (const [fact, lengths] of found) {
  const ranges = lengths.map(values => `[${quantile(values, 0.05).toPrecision(3)}, ${quantile(values, 0.95).toPrecision(3)}]`)
  console.log(`  ${fact}: [${ranges.join(', ')}],`)
}
console.log(
  `windows: ${found.get('kurtosis')?.map(v => v.length)}; pairs of pairs: ${found.get('correlation')?.map(v => v.length)}`,
)

function note(start: number, length: number, place: number): void {
  const { series, grid } = windowOf(real.series, real.grid, start, start + length)
  const whole = series.filter(s => s.closes.filter(Number.isFinite).length >= leastShare * length)
  for (const one of whole) keep(pairFacts(one, grid) ?? {}, place)
  if (whole.length >= leastPairs) keep(marketFacts(whole), place)
}

function keep(figures: Readonly<Record<string, number | readonly number[]>>, place: number): void {
  for (const [fact, values] of Object.entries(figures)) {
    found.get(fact as StylizedFact)?.[place]?.push(...[values].flat().filter(Number.isFinite))
  }
}
