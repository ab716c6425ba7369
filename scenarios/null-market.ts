/** The null: a realistic market in which nothing can be predicted. What is approved here is a false discovery. */

import { swarmScenario, synthetic } from 'mycelia/market'

export default swarmScenario({ name: 'null-market', title: 'Nothing to find', market: synthetic() })
