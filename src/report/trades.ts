/** The finished trades of a run as rows: with what was predicted of them, what they cost, and how far the price went in between. */

import { type Columns, numbersOf, tableBlocks, textsOf } from '../storage/index.js'
import type { Bars } from './bars.js'
import type { Clock } from './model-lines.js'
import type { Trade } from './trade.js'

/** Of the entry's notional, at the size of the trade: what the market took at worst, and what it offered at best. */
interface Excursion {
  readonly mae: number
  readonly mfe: number
}

/** Joins trades with the predictions of their ideas and with the bars between entry and exit. */
export async function tradesOf(
  table: Columns,
  { ideas, bars, clock }: { readonly ideas: string; readonly bars: ReadonlyMap<string, Bars>; readonly clock: Clock },
): Promise<Trade[]> {
  const predictions = await readPredictions(ideas, new Set(textsOf(table.idea_id)))
  const texts = (name: string) => textsOf(table[name])
  const numbers = (name: string) => numbersOf(table[name])
  const [ids, portfolios, pairs, agents, reasons, ideaIds] = ['trade_id', 'portfolio', 'pair', 'agent', 'reason', 'idea_id'].map(
    texts,
  )
  const [direction, entry, exit, entryPrice, exitPrice, held] = [
    'direction',
    'entry_time',
    'exit_time',
    'entry_price',
    'exit_price',
    'bars_held',
  ].map(numbers)
  const [pnl, notional, exitNotional, fees, slippage, borrow] = [
    'pnl_e6',
    'entry_notional_e6',
    'exit_notional_e6',
    'fees_e6',
    'slippage_e6',
    'borrow_e6',
  ].map(numbers)
  return (portfolios ?? []).map((portfolio, i): Trade => {
    const at = (column: Float64Array | undefined) => column?.[i] ?? Number.NaN
    const usd = (column: Float64Array | undefined) => at(column) / 1e6
    const pattern = table.pattern?.[i]
    const costs = usd(fees) + usd(slippage) + usd(borrow)
    const own = { direction: at(direction), entry: at(entry), exit: at(exit), entryPrice: at(entryPrice) }
    return {
      id: ids?.[i] ?? '',
      portfolio,
      pair: pairs?.[i] ?? '',
      agent: agents?.[i] ?? '',
      reason: reasons?.[i] ?? '',
      idea: ideaIds?.[i] ?? '',
      pattern: typeof pattern === 'string' ? pattern : null,
      ...own,
      exitPrice: at(exitPrice),
      held: at(held),
      pnlUsd: usd(pnl),
      notionalUsd: usd(notional),
      tradedUsd: usd(notional) + usd(exitNotional),
      feesUsd: usd(fees),
      slippageUsd: usd(slippage),
      borrowUsd: usd(borrow),
      gross: (usd(pnl) + costs) / usd(notional),
      net: usd(pnl) / usd(notional),
      predicted: predictions.get(ideaIds?.[i] ?? '') ?? null,
      ...excursion(own, bars.get(pairs?.[i] ?? ''), clock),
    }
  })
}

/** Over the bars that ended after the entry and by the exit; NaN where there was none. */
function excursion(
  { direction, entry, exit, entryPrice }: Pick<Trade, 'direction' | 'entry' | 'exit' | 'entryPrice'>,
  bars: Bars | undefined,
  { x }: Clock,
): Excursion {
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (bars !== undefined)
    for (let i = rowAfter(x, entry / 1_000); i < x.length && (x[i] as number) <= exit / 1_000; i++) {
      if (Number.isNaN(bars.close[i])) continue
      high = Math.max(high, bars.high[i] as number)
      low = Math.min(low, bars.low[i] as number)
    }
  if (!(low <= high)) return { mae: Number.NaN, mfe: Number.NaN }
  const [best, worst] = direction === 1 ? [high, low] : [low, high]
  return {
    mae: Math.min(0, direction * (worst / entryPrice - 1)),
    mfe: Math.max(0, direction * (best / entryPrice - 1)),
  }
}

/** The first row whose instant lies after a time, by halving. */
function rowAfter(x: Float64Array, time: number): number {
  let [low, high] = [0, x.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] as number) > time) high = middle
    else low = middle + 1
  }
  return low
}

async function readPredictions(path: string, wanted: ReadonlySet<string>): Promise<Map<string, number>> {
  const predictions = new Map<string, number>()
  for await (const { columns } of tableBlocks(path, ['id', 'prediction'])) {
    const ids = textsOf(columns.id)
    for (const [i, prediction] of (columns.prediction ?? []).entries()) {
      const id = ids[i] ?? ''
      if (typeof prediction === 'number' && wanted.has(id)) predictions.set(id, Math.abs(prediction))
    }
  }
  return predictions
}

/** Pairs by how often they were traded, most first. */
export function busiestPairs(table: Columns): string[] {
  const counts = new Map<string, number>()
  for (const pair of textsOf(table.pair)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([pair]) => pair)
}
