/** Closing prices of every pair over the model's clock, and the trades that happened on them. */

import { BarFlag } from '../market/index.js'
import { type Columns, numbersOf, tableBlocks, textsOf } from '../storage/index.js'
import { portfolioNames } from '../trading/index.js'
import type { Numbers, Prices, TradeMarks } from './data.js'
import { bucketsOf, sample } from './down-sample.js'
import { getOrInsert } from './get-or-insert.js'
import { reportLimits } from './limits.js'
import { axisOf, type Clock } from './model-lines.js'

/** Closes of every pair at the clock's rows; NaN where there was no bar. */
export type Closes = Map<string, Float64Array>

/** Takes the closes of the bars, each as it was corrected last; filled bars are no trade and leave a gap. */
export async function readCloses(paths: { prices: string; revisions: string }, { x }: Clock): Promise<Closes> {
  const rowOf = new Map(Array.from(x, (at, row) => [Math.round(at * 1_000), row] as const))
  const closes: Closes = new Map()
  for (const path of [paths.prices, paths.revisions])
    for await (const { columns } of tableBlocks(path, ['time', 'pair', 'close', 'flags']))
      addCloses(closes, columns, rowOf, x.length)
  return closes
}

function addCloses(closes: Closes, table: Columns, rowOf: ReadonlyMap<number, number>, rows: number): void {
  const [time, close, flags] = [numbersOf(table.time), numbersOf(table.close), numbersOf(table.flags)]
  textsOf(table.pair).forEach((pair, i) => {
    const line = getOrInsert(closes, pair, () => new Float64Array(rows).fill(Number.NaN))
    const row = rowOf.get(time[i] as number)
    if (row !== undefined && ((flags[i] as number) & BarFlag.filled) === 0) line[row] = close[i] as number
  })
}

/** `busiest`: pairs in the order in which they are wanted. */
export function pricesOf(closes: Closes, clock: Clock, busiest: readonly string[]): Prices {
  const order = [...new Set([...busiest.filter(pair => closes.has(pair)), ...closes.keys()])].slice(0, reportLimits.pairs)
  const points = Math.max(reportLimits.points, Math.floor(reportLimits.priceCells / Math.max(1, order.length)))
  const buckets = bucketsOf(clock.x.length, points)
  const lines: Record<string, Numbers> = {}
  for (const [pair, values] of closes) if (order.includes(pair)) lines[pair] = sample(values, buckets)
  const barsPerPoint = Math.ceil(clock.x.length / Math.max(1, buckets.places.length))
  return { x: axisOf({ ...clock, buckets }), lines, barsPerPoint, total: closes.size }
}

/** The trades as columns; each portfolio keeps its latest where there are more than may be shown. */
export function tradeMarks(table: Columns | undefined): TradeMarks {
  const t = table ?? {}
  const [portfolios, pairs] = [textsOf(t.portfolio), textsOf(t.pair)]
  const [entry, exit, pnl] = [numbersOf(t.entry_time), numbersOf(t.exit_time), numbersOf(t.pnl_e6)]
  const [entryPrice, exitPrice, direction] = [numbersOf(t.entry_price), numbersOf(t.exit_price), numbersOf(t.direction)]
  const kept = portfolioNames.flatMap(portfolio => places(portfolios, portfolio).slice(-reportLimits.trades))
  const names = [...new Set(pairs)]
  const take = (values: Float64Array, scale = 1) => kept.map(i => Number(((values[i] as number) * scale).toPrecision(12)))
  return {
    portfolios: [...portfolioNames],
    pairs: names,
    portfolio: kept.map(i => portfolioNames.indexOf(portfolios[i] as (typeof portfolioNames)[number])),
    pair: kept.map(i => names.indexOf(pairs[i] as string)),
    direction: take(direction),
    entry: take(entry, 1 / 1_000),
    exit: take(exit, 1 / 1_000),
    entryPrice: take(entryPrice),
    exitPrice: take(exitPrice),
    pnl: kept.map(i => Math.round((pnl[i] as number) / 10_000) / 100),
    total: portfolios.length,
  }
}

function places(portfolios: readonly string[], portfolio: string): number[] {
  return portfolios.flatMap((name, i) => (name === portfolio ? [i] : []))
}

/** Pairs by how often they were traded, most first. */
export function busiestPairs(table: Columns | undefined): string[] {
  const counts = new Map<string, number>()
  for (const pair of textsOf(table?.pair)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([pair]) => pair)
}
