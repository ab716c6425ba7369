/** Trifecta, the main job: the 121 trade a market with planted causes, or real candles with `--market`. */

import { sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({ name: 'trifecta', title: 'Trifecta: 121 agents, three portfolios', market: sparseMarket() })
