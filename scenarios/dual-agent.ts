/** Two agents, one market: a cautious spot portfolio and a levered one of perpetual futures, each with its own capital. */

import { defaultMarket, spotFuturesScenario } from 'mycelia/market'

export default spotFuturesScenario({ name: 'dual-agent', title: 'Spot and futures side by side', market: defaultMarket() })
