/** An order-book scenario in a few words: a name, and which parameters begin otherwise. */

import { defineScenario, type Scenario } from '../../model/index.js'
import { OrderBookModel } from './book-model.js'
import { bookSchema } from './book-parameters.js'
import { Exchange } from './exchange.js'
import { MarketMaker } from './market-maker.js'
import { MomentumTrader } from './momentum-trader.js'
import { NoiseTrader } from './noise-trader.js'
import { ValueTrader } from './value-trader.js'

/** Makes a scenario of an order book. */
export function orderBookScenario({ name, title, steps = 23_400 }: { name: string; title: string; steps?: number }): Scenario<OrderBookModel, typeof bookSchema> {
  return defineScenario({
    name,
    title,
    model: OrderBookModel,
    agents: { Exchange, NoiseTrader, ValueTrader, MomentumTrader, MarketMaker },
    params: bookSchema,
    steps,
    collect: {
      model: {
        bid: m => m.second.bid || null,
        ask: m => m.second.ask || null,
        last: m => m.second.last || null,
        lots: m => m.second.lots,
        value: m => m.fundamental.value,
      },
    },
    view: { charts: ['bid', 'ask', 'last', 'lots', 'value'] },
  })
}
