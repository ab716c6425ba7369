/** What the market itself traded: a pair's daily volume and volatility over a run, from its prices. */

import { DAY_MS } from '../../core/index.js'
import { BarFlag } from '../../market/index.js'
import { numbersOf, tableBlocks, textsOf } from '../../storage/index.js'
import { getOrInsert } from '../get-or-insert.js'

/** Both are 0 below two bars. */
export interface PairTurnover {
  /** USD traded on a day with a bar; 0 where the source knows no volumes. */
  readonly dailyUsd: number
  /** Standard deviation of a day's return: the root of the squared returns from bar to bar, summed, over the days. */
  readonly dailyVolatility: number
}

interface Sums {
  bars: number
  /** UTC days in which a bar began: a gap and a day on which the market is closed are none. */
  days: number
  lastDay: number
  usd: number
  lastClose: number
  squares: number
}

/** By pair. Filled bars are no observation. */
export async function readTurnovers(path: string, barMs: number): Promise<Map<string, PairTurnover>> {
  const pairs = new Map<string, Sums>()
  for await (const { columns } of tableBlocks(path, ['time', 'pair', 'close', 'volume', 'flags'])) {
    const [time, close, volume] = [numbersOf(columns.time), numbersOf(columns.close), numbersOf(columns.volume)]
    const flags = numbersOf(columns.flags)
    textsOf(columns.pair).forEach((pair, i) => {
      if (((flags[i] ?? 0) & BarFlag.filled) !== 0) return
      const day = Math.floor(((time[i] ?? Number.NaN) - barMs) / DAY_MS)
      add(getOrInsert(pairs, pair, noBars), day, close[i] ?? Number.NaN, volume[i] ?? 0)
    })
  }
  return new Map([...pairs].map(([pair, sums]) => [pair, turnoverOf(sums)]))
}

function noBars(): Sums {
  return { bars: 0, days: 0, lastDay: Number.NaN, usd: 0, lastClose: Number.NaN, squares: 0 }
}

function add(sums: Sums, day: number, close: number, volume: number): void {
  if (day !== sums.lastDay) sums.days++
  sums.lastDay = day
  sums.bars++
  sums.usd += close * volume
  const change = close / sums.lastClose - 1
  sums.lastClose = close
  if (!Number.isNaN(change)) sums.squares += change * change
}

function turnoverOf({ bars, days, usd, squares }: Sums): PairTurnover {
  if (bars < 2) return { dailyUsd: 0, dailyVolatility: 0 }
  return { dailyUsd: usd / days, dailyVolatility: Math.sqrt(squares / days) }
}
