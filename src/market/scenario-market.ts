/** The market a scenario describes as plain data in `worlds.run`, made for the pairs of one run. `simulate` and `run` both make it here. */

import { z } from 'zod'
import { OperatorError } from '../core/index.js'
import { defaultPairs } from './candle.js'
import { type NetworkMarketOptions, networkPrices } from './net/net-options.js'
import { networkMarket } from './net/network-market.js'
import { newsMarket } from './news/news-market.js'
import type { NewsMarketOptions } from './news/news-options.js'
import type { PlantedShock } from './planted.js'
import type { MarketSource } from './source.js'
import { syntheticMarket } from './synthetic.js'
import { leadingPairs, type SyntheticOptions, type SyntheticSettings, syntheticSettings } from './synthetic-options.js'
import { TickMarket, type TickMarketOptions } from './tick-market.js'

const runWorldSchema = z.strictObject({
  market: z.looseObject({ kind: z.enum(['synthetic', 'files', 'ticks', 'network', 'news']) }).optional(),
})

/** What of a market the parameters of a run decide. */
export interface ScenarioMarketSettings {
  readonly seed: number | string
  readonly pairs: readonly string[]
  readonly barMs: number
}

/** The market of a scenario's `worlds`, as plain data; undefined for models without one. */
export function marketOf(worlds: { run?: unknown } | undefined): Record<string, unknown> | undefined {
  if (worlds?.run === undefined) return undefined
  const parsed = runWorldSchema.safeParse(worlds.run)
  if (parsed.success) return parsed.data.market
  const issue = parsed.error.issues[0]
  throw new OperatorError({
    what: `the scenario's worlds.run${issue?.path.length ? `.${issue.path.join('.')}` : ''}`,
    expected: "{ market: { kind: 'synthetic', … } }, { market: { kind: 'network', … } } or { market: { kind: 'files', path } }",
    next: issue?.message ?? '',
  })
}

/** The market of a description for the pairs, bar and seed of a run: a synthetic one, or ticks as they stand. Throws an `OperatorError` for one of files. */
export function scenarioMarket(described: Record<string, unknown>, settings: ScenarioMarketSettings): MarketSource {
  if (described.kind === 'files') throw needsRun()
  if (described.kind === 'ticks') return new TickMarket(described as unknown as TickMarketOptions)
  if (described.kind === 'network') return scenarioNetwork(described as unknown as NetworkMarketOptions, settings)
  if (described.kind === 'news') return scenarioNews(described as unknown as NewsMarketOptions, settings)
  return syntheticMarket({ ...pricesWithin(described as SyntheticOptions, settings), seed: settings.seed })
}

/** Prices as for a plain market, and the network around them. */
function scenarioNetwork({ market, net }: NetworkMarketOptions, settings: ScenarioMarketSettings): MarketSource {
  return networkMarket(pricesWithin({ ...networkPrices, ...market }, settings), net, settings.seed)
}

/** Prices as for a plain market, and the news about them. */
function scenarioNews({ market, news }: NewsMarketOptions, settings: ScenarioMarketSettings): MarketSource {
  return newsMarket(pricesWithin({ ...market }, settings), news, settings.seed)
}

function pricesWithin(options: SyntheticOptions, { pairs, barMs }: ScenarioMarketSettings): SyntheticSettings {
  // Checked with all its pairs first, so that a misspelt one is refused and not taken for one left out.
  const whole = syntheticSettings({ ...options, pairs: [...new Set([...(options.pairs ?? defaultPairs), ...pairs])] })
  return { ...withinPairs(whole, pairs), pairs, barMs }
}

/** Drops the causes and shocks that are in a pair left out, or driven by one. */
function withinPairs(whole: SyntheticSettings, pairs: readonly string[]): SyntheticSettings {
  const known = (pair: string | undefined) => pair === undefined || pairs.includes(pair)
  const drives = (driver: string | undefined) => driver === undefined || known(leadingPairs[driver])
  return {
    ...whole,
    causes: whole.causes.filter(cause => known(cause.pair) && drives(cause.driver)),
    persistence: { ...whole.persistence, pairs: whole.persistence.pairs.filter(known) },
    shocks: whole.shocks.flatMap(shock => shockWithin(shock, known, drives)),
    startPrices: Object.fromEntries(Object.entries(whole.startPrices).filter(([pair]) => known(pair))),
  }
}

type Known = (name: string | undefined) => boolean

function shockWithin(shock: PlantedShock, known: Known, drives: Known): PlantedShock[] {
  if (shock.kind === 'contagion') return known(shock.pair) && drives(shock.driver) ? [shock] : []
  if (shock.kind === 'shift') return drives(shock.driver) ? [shock] : []
  if (shock.kind !== 'outage' || shock.pairs === undefined) return [shock]
  const pairs = shock.pairs.filter(known)
  return pairs.length === 0 ? [] : [{ ...shock, pairs }]
}

function needsRun(): OperatorError {
  return new OperatorError({
    what: 'the market of this scenario',
    expected: 'a source of candles',
    got: 'the name of files, which only run() reads',
    next: 'Use run() from mycelia/node, or hand simulate() a source.',
  })
}
