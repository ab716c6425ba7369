/** What the market itself traded: a pair's daily volume and volatility over a run, from its prices. */

import { DAY_MS } from '../../core/index.js'
import { BarFlag } from '../../market/index.js'
import { numbersOf, tableBlocks, textsOf } from '../../storage/index.js'
import { getOrInsert } from '../get-or-insert.js'

export interface PairTurnover {
  /** USD traded a day; 0 where the source knows no volumes. */
  readonly dailyUsd: number
  /** Standard deviation of a day's return. */
  readonly dailyVolatility: number
}

interface Sums {
  bars: number
  usd: number
  last: number
  returns: number
  squares: number
  sum: number
}

/** By pair. Filled bars are no observation. */
export async function readTurnovers(path: string, barMs: number): Promise<Map<string, PairTurnover>> {
  const pairs = new Map<string, Sums>()
  for await (const { columns } of tableBlocks(path, ['pair', 'close', 'volume', 'flags'])) {
    const [close, volume] = [numbersOf(columns.close), numbersOf(columns.volume)]
    const flags = numbersOf(columns.flags)
    textsOf(columns.pair).forEach((pair, i) => {
      const sums = getOrInsert(pairs, pair, () => ({ bars: 0, usd: 0, last: Number.NaN, returns: 0, squares: 0, sum: 0 }))
      if (((flags[i] ?? 0) & BarFlag.filled) === 0) add(sums, close[i] ?? Number.NaN, volume[i] ?? 0)
    })
  }
  const barsADay = DAY_MS / barMs
  return new Map(
    [...pairs].map(([pair, { bars, usd, returns, squares, sum }]) => [
      pair,
      {
        dailyUsd: (usd / Math.max(1, bars)) * barsADay,
        dailyVolatility: Math.sqrt(Math.max(0, squares / returns - (sum / returns) ** 2) * barsADay),
      },
    ]),
  )
}

function add(sums: Sums, close: number, volume: number): void {
  sums.bars++
  sums.usd += close * volume
  const change = close / sums.last - 1
  sums.last = close
  if (Number.isNaN(change)) return
  sums.returns++
  sums.sum += change
  sums.squares += change * change
}
