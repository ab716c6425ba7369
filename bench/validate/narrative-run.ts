/** One seed of a market with news: whether divergences of news and price foretell what the price does next, judged walk-forward. */

import { HOUR_MS } from '../../src/core/index.js'
import { type Bar, scenarioMarket } from '../../src/market/index.js'
import {
  divergenceNext,
  entitiesOf,
  financeScorer,
  headlineFault,
  isRepeated,
  type Narrative,
  newNarrative,
  newSeenHeadlines,
  relevantPairs,
  tell,
} from '../../src/trading/index.js'

const pairs = ['XXBTZUSD', 'XETHZUSD', 'SOLUSD', 'ADAUSD', 'LINKUSD', 'DOGEUSD', 'AAVEUSD', 'ATOMUSD']
const DAY_BARS = 24
/** Bars after which a divergence is right or wrong: the lag that may be planted. */
const HORIZON = 24

export interface NarrativeRun {
  /** Divergences that were judged, and the t value of their signed returns. */
  readonly judged: number
  readonly t: number
}

interface Followed {
  readonly narrative: Narrative
  readonly closes: number[]
  /** The divergence that is being judged; null: none is. */
  open: { readonly at: number; readonly sign: number } | null
}

/** `pricedAtOnce`: the share of a story that is in the price at once; 1: the null. Only the second half is judged, by thresholds of the past alone. */
export function narrativeRun(seed: number, pricedAtOnce: number, bars = 16_000): NarrativeRun {
  const source = scenarioMarket({ kind: 'news', news: { pricedAtOnce } }, { pairs, barMs: HOUR_MS, seed })
  const followed = new Map<string, Followed>(pairs.map(pair => [pair, { narrative: newNarrative(), closes: [], open: null }]))
  const entities = entitiesOf(pairs)
  const seen = newSeenHeadlines()
  const returns: number[] = []
  for (let step = 0; step < bars; step++) {
    const tick = source.next()
    if (tick === undefined) break
    for (const input of tick.inputs)
      if (input.kind === 'headline') {
        const { text } = input.headline
        if (headlineFault(input.headline, tick.time) !== null) continue
        const about = relevantPairs(text, entities)
        if (about.length === 0 || isRepeated(seen, text, tick.time, 24 * HOUR_MS)) continue
        const score = financeScorer.score(text)
        for (const pair of about)
          tell(followed.get(pair)?.narrative as Narrative, { time: tick.time, weight: 1 / about.length, score })
      } else if (input.kind === 'bar')
        follow(followed.get(input.bar.pair) as Followed, input.bar, tick.time, step, bars / 2, returns)
  }
  return { judged: returns.length, t: tOf(returns) }
}

function follow(of: Followed, bar: Bar, now: number, step: number, from: number, returns: number[]): void {
  of.closes.push(bar.close)
  const before = of.closes.at(-1 - DAY_BARS)
  const divergence = divergenceNext(of.narrative, {
    now,
    dayReturn: before === undefined ? Number.NaN : bar.close / before - 1,
    volume: bar.volume,
  })
  if (of.open !== null && step >= of.open.at + HORIZON) {
    const then = of.closes.at(-1 - HORIZON) as number
    if (of.open.at >= from) returns.push(of.open.sign * (bar.close / then - 1))
    of.open = null
  }
  if (of.open === null && divergence?.label === 'news-leads') of.open = { at: step, sign: Math.sign(divergence.newsZ) }
}

function tOf(values: readonly number[]): number {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / n
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1)
  return mean / Math.sqrt(variance / n)
}
