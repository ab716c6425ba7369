/** The null of latency signals: the same events in the network, and none of them moves a price. */

import { netTraceScenario, network } from 'mycelia/market'

export default netTraceScenario({
  name: 'null-network',
  title: 'A network that knows nothing',
  market: network({ net: { planted: { move: 0 } } }),
})
