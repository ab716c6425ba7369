/** What the synthetic market's tests share: columns of a run, and a t statistic. */

import { type MarketSource, type SyntheticOptions, syntheticMarket } from '../../src/market/index.js'

export const pairs = ['XXBTZUSD', 'XETHZUSD', 'SOLUSD', 'ADAUSD', 'LINKUSD', 'DOGEUSD']

export interface Run {
  readonly market: MarketSource
  /** Per pair, one entry a bar. */
  readonly bars: Map<string, { open: number; high: number; low: number; close: number; volume: number }[]>
  /** Per driver "<moat>:<stream>", one value a bar. */
  readonly streams: Map<string, number[]>
}

export function runMarket(options: SyntheticOptions & { seed: number | string }, steps: number): Run {
  const market = syntheticMarket(options)
  const run: Run = { market, bars: new Map(market.pairs.map(p => [p, []])), streams: new Map() }
  for (let i = 0; i < steps; i++) {
    for (const input of market.next()?.inputs ?? []) {
      if (input.kind === 'bar') run.bars.get(input.bar.pair)?.push(input.bar)
      if (input.kind !== 'signal') continue
      const name = `${input.signal.moat}:${input.signal.stream}`
      const values = run.streams.get(name) ?? []
      values.push(input.signal.value)
      run.streams.set(name, values)
    }
  }
  return run
}

export function mean(x: readonly number[]): number {
  return x.reduce((a, b) => a + b, 0) / x.length
}

/** Mean over its standard error. */
export function tStatistic(x: readonly number[]): number {
  const m = mean(x)
  const variance = x.reduce((sum, v) => sum + (v - m) ** 2, 0) / (x.length - 1)
  return m / Math.sqrt(variance / x.length)
}

/** Simple returns close to close; the first bar's from its open. */
export function returnsOf(run: Run, pair: string): number[] {
  const bars = run.bars.get(pair) ?? []
  return bars.map((b, i) => b.close / (bars[i - 1]?.close ?? b.open) - 1)
}
