/** An experiment where users move each other's price: larger entries in some hours of each token, and beside it what a split of users would say. */

import { launchScenario } from 'mycelia/market'

export default launchScenario({
  name: 'switchback',
  title: 'Larger entries in some hours of a token',
  params: { experiment: { size: 2 }, minConfidence: 0.5 },
  steps: 36_000,
})
