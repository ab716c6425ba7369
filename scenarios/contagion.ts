/** Contagion: everybody imitates everybody, and one loud driver rules for a while: does the guardian notice the herd in time? */

import { swarmScenario, synthetic } from 'mycelia'

export default swarmScenario({
  name: 'contagion',
  title: 'A herd forms, is caught, and dissolves',
  market: synthetic({
    shocks: [{ kind: 'contagion', at: 300, bars: 2_500, driver: 'corporations:Tech', pair: 'XETHZUSD', strength: 0.35 }],
  }),
  defaults: { imitationRate: 1 },
  steps: 3_500,
})
