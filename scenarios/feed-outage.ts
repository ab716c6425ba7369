/** Feed outage: pairs fall silent, some with flagged bars and some with none. No learner may learn from such bars, and no order may fill in them. */

import { sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'feed-outage',
  title: 'Pairs fall silent',
  market: sparseMarket({
    shocks: [
      { kind: 'outage', at: 1_000, bars: 48, pairs: ['XXBTZUSD', 'XETHZUSD'], as: 'filled' },
      { kind: 'outage', at: 2_000, bars: 200, pairs: ['SOLUSD', 'ADAUSD', 'DOTUSD'], as: 'absent' },
      { kind: 'outage', at: 3_600, bars: 6, as: 'filled' },
    ],
  }),
})
