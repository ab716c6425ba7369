/** An order-book scenario in a few words: a name, and which parameters begin otherwise. */

import { defineScenario, type Scenario, withDefaults } from '../../model/index.js'
import { OrderBookModel } from './book-model.js'
import { type BookOptions, bookSchema } from './book-parameters.js'
import { bookCollect } from './collect.js'
import { Exchange } from './exchange.js'
import { Executor } from './executor.js'
import { Forecaster } from './forecaster.js'
import { MarketMaker } from './market-maker.js'
import { MomentumTrader } from './momentum-trader.js'
import { NoiseTrader } from './noise-trader.js'
import { bookPanels } from './panels.js'
import { SwitchingTrader } from './switching-trader.js'
import { ValueTrader } from './value-trader.js'

/** What `orderBookScenario` takes. */
export interface OrderBookScenarioOptions {
  readonly name: string
  readonly title: string
  /** Parameters that differ from the standard ones. */
  readonly params?: BookOptions
  /** Seconds that a run lasts; default: a day. */
  readonly steps?: number
}

/** Makes a scenario of an order book. */
export function orderBookScenario({
  name,
  title,
  params = {},
  steps = 23_400,
}: OrderBookScenarioOptions): Scenario<OrderBookModel, typeof bookSchema> {
  return defineScenario({
    name,
    title,
    model: OrderBookModel,
    agents: { Exchange, NoiseTrader, ValueTrader, MomentumTrader, MarketMaker, SwitchingTrader, Forecaster, Executor },
    params: withDefaults(bookSchema, params),
    collect: bookCollect,
    view: { charts: ['last', 'lots', 'value'], panels: { ...bookPanels } },
    steps,
  })
}
