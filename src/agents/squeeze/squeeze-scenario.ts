/** The squeeze as a scenario, its table and its panels. */

import { fromUsdE6, type ReadColumns, strictly, UNIT } from '../../core/index.js'
import { defineScenario, type LinesPanel, rowsOf, type Scenario } from '../../model/index.js'
import { marginColumns } from '../spot-futures/margin-table.js'
import { MarginEvents } from '../spot-futures/topics.js'
import { LeveredTrader } from './levered-trader.js'
import { Squeeze } from './squeeze.js'
import { squeezeSchema } from './squeeze-parameters.js'

const usd = 'USD'

const modelColumns = {
  time: { type: 'time', meaning: 'The model’s clock.', read: m => m.now },
  last: { type: 'real', unit: usd, meaning: 'Last price of the future.', read: m => m.lastUsd },
  index: { type: 'real', unit: usd, meaning: 'Its index: the price of what it is of.', read: m => m.indexUsd },
  mark: { type: 'real', unit: usd, meaning: 'The mark by which positions are liquidated.', read: m => m.contract.markE8 / UNIT },
  longs: { type: 'real', unit: usd, meaning: 'What all long positions were entered for.', read: m => openOf(m, 1) },
  shorts: { type: 'real', unit: usd, meaning: 'What all short positions were entered for.', read: m => openOf(m, -1) },
  liquidations: { type: 'integer', meaning: 'Liquidations so far.', read: m => m.house.liquidations },
  deleveragings: {
    type: 'integer',
    meaning: 'Winning positions that were closed for a loser, so far.',
    read: m => m.house.deleveragings,
  },
  insurance_fund: { type: 'real', unit: usd, meaning: 'What the insurance fund has.', read: m => fromUsdE6(m.house.fundE6) },
} satisfies ReadColumns<Squeeze>

function openOf({ house }: Squeeze, side: 1 | -1): number {
  let sum = 0
  for (const { positions } of house.accounts.values())
    for (const { way, costE6 } of positions.values()) if (way === side) sum += costE6
  return fromUsdE6(sum)
}

const lines = (about: string, columns: readonly string[]): LinesPanel<Squeeze> => ({
  kind: 'lines',
  tab: 'Squeeze',
  about,
  unit: usd,
  columns,
})

/** What `squeezeScenario` takes. */
export interface SqueezeScenarioOptions {
  readonly name: string
  readonly title: string
  readonly steps?: number
}

/** Makes a scenario of a liquidation cascade. */
export function squeezeScenario({ name, title, steps = 600 }: SqueezeScenarioOptions): Scenario<Squeeze, typeof squeezeSchema> {
  return defineScenario({
    name,
    title,
    model: Squeeze,
    agents: { LeveredTrader },
    params: squeezeSchema,
    collect: {
      model: strictly(modelColumns),
      messages: { margin_events: rowsOf({ topics: [MarginEvents], columns: strictly(marginColumns) }) },
    },
    view: {
      charts: ['last', 'shorts', 'liquidations'],
      panels: {
        Prices: lines('The future, its index, and the mark by which positions are liquidated.', ['last', 'index', 'mark']),
        'Open positions': lines('What all positions of a side were entered for.', ['longs', 'shorts']),
      },
    },
    steps,
  })
}
