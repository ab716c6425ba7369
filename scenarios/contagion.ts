/** Contagion: most learners imitate others, and one strong driver moves one pair for a while. Does the risk manager notice the consensus in time? */

import { swarmScenario, synthetic } from 'mycelia/market'

export default swarmScenario({
  name: 'contagion',
  title: 'A consensus forms, is caught, and dissolves',
  market: synthetic({
    shocks: [{ kind: 'contagion', at: 300, bars: 2_500, driver: 'corporations:Tech', pair: 'XETHZUSD', strength: 0.35 }],
  }),
  defaults: { imitationRate: 0.6 },
  steps: 3_500,
})
